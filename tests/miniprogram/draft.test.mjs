// What somebody is writing is there tomorrow, whatever version of the mini-program wrote it.
import assert from 'node:assert/strict';
import test from 'node:test';
import { load } from './load.mjs';
import { phone } from './wx.mjs';

const blank = () => ({ words: '', photos: [], step: 0 });

test('what is kept is read again, by another page as well', async () => {
  phone(() => ({}));
  const { drafts } = await load('core/draft.ts');
  assert.equal(drafts('report', blank).read(), null);
  assert.equal(drafts('report', blank).keep({ words: '井盖坏了', photos: ['a'], step: 1 }), true);
  assert.deepEqual(drafts('report', blank).read(), { words: '井盖坏了', photos: ['a'], step: 1 });
  assert.equal(drafts('other', blank).read(), null);
});

test('what an older version did not know comes from the blank', async () => {
  const { stored } = phone(() => ({}));
  const { drafts } = await load('core/draft.ts');
  stored.set('draft-report', { words: '灯不亮' });
  assert.deepEqual(drafts('report', blank).read(), { words: '灯不亮', photos: [], step: 0 });
  stored.set('draft-report', 'broken');
  assert.equal(drafts('report', blank).read(), null);
});

test('it is gone when it was given up', async () => {
  phone(() => ({}));
  const { drafts } = await load('core/draft.ts');
  const draft = drafts('report', blank);
  draft.keep({ ...blank(), words: '不报了' });
  draft.forget();
  assert.equal(draft.read(), null);
});

test('a phone without room does not interrupt the writing', async () => {
  phone(() => ({}));
  wx.setStorageSync = () => {
    throw new Error('setStorageSync:fail exceed storage max size 10Mb');
  };
  const { drafts } = await load('core/draft.ts');
  assert.equal(drafts('report', blank).keep(blank()), false);
});
