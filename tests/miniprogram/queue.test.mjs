// What could not be sent waits on the phone, goes out once, and never disappears in silence.
import assert from 'node:assert/strict';
import test from 'node:test';
import { load } from './load.mjs';
import { phone, service } from './wx.mjs';

const REPORT = {
  path: '/cases', body: { words: '井盖坏了' }, title: '上报：井盖坏了',
  attachments: [{ path: '/photos', list: 'photos', file: 'wxfile://tmp/a.jpg' }, { path: '/photos', list: 'photos', file: 'wxfile://tmp/b.jpg' }],
};

/** A service one can switch off, which keeps what it was told by the key of the deed. */
function street() {
  const done = new Map();
  const state = { open: true, status: 0, after: Infinity, done };
  state.phone = phone(service((request) => {
    if (!state.open || state.after-- <= 0) throw new Error('');
    if (state.status) return { status: state.status, data: { error: { code: 'said', message: '这件事已经撤回了。', fields: {} } } };
    const key = request.header['Idempotency-Key'];
    if (!done.has(key)) done.set(key, { path: request.path, body: request.body, key: `k${done.size + 1}` });
    return { status: 201, data: { key: done.get(key).key } };
  }));
  wx.setStorageSync('token', 'good');
  return state;
}

const reports = (state) => [...state.done.values()].filter((one) => one.path === '/cases');

test('with a network a report goes at once, its photos first', async () => {
  const state = street();
  const { perform, waiting } = await load('core/queue.ts');
  assert.deepEqual(await perform(REPORT), { answer: { key: 'k3' }, waits: false });
  assert.deepEqual(reports(state)[0].body, { words: '井盖坏了', photos: ['k1', 'k2'] });
  assert.deepEqual(waiting(), []);
});

test('without one it waits, with its photos kept, and goes out later by itself, once', async () => {
  const state = street();
  state.open = false;
  const { flush, perform, waiting } = await load('core/queue.ts');
  assert.deepEqual(await perform(REPORT), { answer: null, waits: true });
  assert.equal(waiting()[0].state, 'waiting');
  assert.match(waiting()[0].reason, /没有网络/);
  assert.ok(waiting()[0].attachments.every((one) => one.file.startsWith('wxfile://usr/kept-')));
  await flush();
  assert.equal(waiting().length, 1);
  state.open = true;
  await Promise.all([flush(), flush()]);
  assert.deepEqual(waiting(), []);
  assert.equal(reports(state).length, 1);
  assert.equal(state.phone.dropped.length, 2);
});

test('a line that breaks after the first photo goes on from there', async () => {
  const state = street();
  state.after = 1;
  const { flush, perform } = await load('core/queue.ts');
  assert.equal((await perform(REPORT)).waits, true);
  state.after = Infinity;
  await flush();
  const uploads = state.phone.asked.filter((one) => one.path === '/photos');
  assert.equal(uploads.length, 3); // a; b that met no network; b again
  assert.equal(uploads[1].header['Idempotency-Key'], uploads[2].header['Idempotency-Key']);
  assert.deepEqual(reports(state)[0].body.photos, ['k1', 'k2']);
});

test('an answer that is lost on the way leads to no second report', async () => {
  const state = street();
  const { flush, perform, waiting } = await load('core/queue.ts');
  const { request } = wx;
  wx.request = (one) => request({ ...one, success: () => one.fail({ errMsg: 'request:fail timeout' }) });
  assert.equal((await perform({ ...REPORT, attachments: [] })).waits, true);
  wx.request = request;
  await flush();
  assert.deepEqual(waiting(), []);
  assert.equal(reports(state).length, 1);
});

test('what the service refuses at once stays with the page, not in the queue', async () => {
  const state = street();
  state.status = 422;
  const { perform, waiting } = await load('core/queue.ts');
  await assert.rejects(perform(REPORT), (error) => error.status === 422);
  assert.deepEqual(waiting(), []);
});

test('what it refuses later stays in the queue with the reason, and does not hold up the next', async () => {
  const state = street();
  state.open = false;
  const { discard, flush, perform, retry, waiting } = await load('core/queue.ts');
  await perform({ path: '/cases/x/withdraw', body: {}, title: '撤回', key: 'first' });
  await perform({ path: '/cases', body: { words: '灯不亮' }, title: '上报：灯不亮', key: 'second' });
  state.open = true;
  state.status = 409;
  await flush();
  assert.deepEqual(waiting().map((one) => [one.state, one.reason]), [['refused', '这件事已经撤回了。'], ['refused', '这件事已经撤回了。']]);
  state.status = 0;
  await retry('second');
  assert.deepEqual(waiting().map((one) => one.key), ['first']);
  discard('first');
  assert.deepEqual(waiting(), []);
});

test('a busy or broken service is tried again, in order', async () => {
  const state = street();
  state.status = 503;
  const { flush, perform, waiting } = await load('core/queue.ts');
  await perform({ path: '/cases', body: { words: '一' }, title: '一' });
  await perform({ path: '/cases', body: { words: '二' }, title: '二' });
  await flush();
  assert.equal(waiting().length, 2);
  state.status = 0;
  await flush();
  assert.deepEqual(reports(state).map((one) => one.body.words), ['一', '二']);
});

test('what was being sent when the phone was shut goes again', async () => {
  const state = street();
  const row = { key: 'left', path: '/cases', body: { words: '井盖' }, attachments: [], title: '井盖', at: 0, state: 'sending', reason: '' };
  wx.setStorageSync('deeds', [row]);
  const { flush, waiting } = await load('core/queue.ts');
  await flush();
  assert.deepEqual(waiting(), []);
  assert.equal(reports(state).length, 1);
});

test('a phone without room says so instead of losing a photo', async () => {
  const state = street();
  state.open = false;
  const { perform, waiting } = await load('core/queue.ts');
  const huge = { ...REPORT, attachments: [{ path: '/photos', list: 'photos', file: 'wxfile://tmp/huge.jpg' }] };
  await assert.rejects(perform(huge), (error) => error.code === 'no_room');
  assert.deepEqual(waiting(), []);
});

test('fifty wait at most', async () => {
  const state = street();
  state.open = false;
  const { perform, waiting } = await load('core/queue.ts');
  for (let count = 0; count < 50; count++) await perform({ path: '/cases', body: {}, title: `第 ${count} 件` });
  await assert.rejects(perform({ path: '/cases', body: {}, title: '又一件' }), (error) => error.code === 'queue_full');
  assert.equal(waiting().length, 50);
});
