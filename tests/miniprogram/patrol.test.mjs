// A patrol: nothing is lost while one walks, and nothing is sent that says nothing.
import assert from 'node:assert/strict';
import test from 'node:test';
import { load } from './load.mjs';

const stored = new Map();
globalThis.wx = {
  getStorageSync: (key) => stored.get(key) ?? '',
  setStorageSync: (key, value) => stored.set(key, JSON.parse(JSON.stringify(value))),
  removeStorageSync: (key) => stored.delete(key),
  env: { USER_DATA_PATH: 'wxfile://usr' },
};
const { begin, bodyOf, draftPatrol, endOf, forget, keep, lack, progress } = await load('services/patrol.ts');

const ITEMS = [{ code: 'fire_lane', name: '消防通道', asks: '通不通' }, { code: 'manhole', name: '井盖', asks: '在不在' }, { code: 'drain', name: '排水', asks: '堵不堵' }];
const START = Date.parse('2026-11-24T01:00:00Z'), HOUR = 3600_000;
const found = (draft, ...said) => ({ ...draft, checks: draft.checks.map((check, index) => ({ ...check, ...said[index] })) });

test('what was begun is there when the page is opened again', () => {
  begin({ key: 'g', name: '第一网格' }, ITEMS, START);
  assert.equal(draftPatrol().started, START);
  assert.equal(draftPatrol().checks.length, 3);
  forget(draftPatrol(), true);
  assert.equal(draftPatrol(), null);
});

test('it says how far one is and what is missing', () => {
  const draft = begin({ key: 'g', name: '第一网格' }, ITEMS, START);
  assert.equal(lack(draft), '请至少查看一项，选“正常”或“有问题”。');
  const half = keep(found(draft, { ok: true }, { ok: false }));
  assert.equal(progress(half), '查了 2 项，还有 1 项；1 项有问题');
  assert.equal(lack(half), '“井盖”有问题，请写一句，或拍张照片。');
  assert.equal(lack(found(half, {}, { note: '  ' })), '“井盖”有问题，请写一句，或拍张照片。');
  assert.equal(lack(found(half, {}, { note: '翘了' })), '');
  assert.equal(lack(found(half, {}, { files: ['a.jpg'] })), '');
  assert.equal(progress(found(half, {}, {}, { ok: true })), '查了 3 项，都查完了；1 项有问题');
});

test('only what was looked at is sent, with its offset, and no words of a changed mind', () => {
  const draft = found(begin({ key: 'g', name: '第一网格' }, ITEMS, START), { ok: true, note: '写了又改' }, {}, { ok: false, note: ' 堵了 ' });
  const body = bodyOf(draft, START + HOUR);
  assert.deepEqual([body.started_at, body.ended_at], ['2026-11-24T01:00:00.000Z', '2026-11-24T02:00:00.000Z']);
  assert.deepEqual(body.checks.map(({ item, ok, note }) => [item, ok, note]), [['fire_lane', true, ''], ['drain', false, '堵了']]);
});

test('one that was forgotten overnight ends when something was last said in it', () => {
  const draft = { ...begin({ key: 'g', name: '第一网格' }, ITEMS, START), touched: START + 2 * HOUR };
  assert.equal(endOf(draft, START + 3 * HOUR), START + 3 * HOUR);
  assert.equal(endOf(draft, START + 20 * HOUR), START + 2 * HOUR);
});
