// What a poor line and a picky service did to the queue, one story for each.
import assert from 'node:assert/strict';
import test from 'node:test';
import { load } from './load.mjs';
import { phone, service } from './wx.mjs';
const DEED = { path: '/cases', body: { words: 'a' }, title: 'a' };
function street(answer) {
  const log = [];
  const state = { log, phone: phone(service((r) => { log.push(r); return answer(r, log); })) };
  wx.setStorageSync('token', 'good');
  return state;
}
test('a photo whose file is gone is told, and does not hold up the rest', async () => {
  street(() => ({ status: 201, data: { key: 'k' } }));
  const { flush, waiting } = await load('core/queue.ts');
  wx.uploadFile = (o) => queueMicrotask(() => o.fail({ errMsg: 'uploadFile:fail createUploadTask:fail file not found' }));
  wx.setStorageSync('deeds', [
    { ...DEED, key: 'gone-photo', at: 0, state: 'waiting', reason: '', attachments: [{ path: '/photos', field: 'photo', list: 'photos', file: 'wxfile://usr/kept-x.jpg', key: 'p' }] },
    { ...DEED, key: 'the-next', at: 0, state: 'waiting', reason: '', attachments: [] },
  ]);
  await flush();
  assert.deepEqual(waiting().map((d) => [d.key, d.state, d.reason]), [['gone-photo', 'refused', '照片没有发成：在手机里找不到了，请重新拍或重新录。再发一次，就不带它。']]);
});
test('one deed the service always breaks on does not hold up the others', async () => {
  street((r) => (r.body?.words === 'bad' ? { status: 500, data: {} } : { status: 201, data: { key: 'k' } }));
  const { flush, waiting } = await load('core/queue.ts');
  wx.setStorageSync('deeds', ['bad', 'good'].map((words) => ({ key: words, path: '/cases', body: { words }, title: words, at: 0, state: 'waiting', reason: '', attachments: [] })));
  await flush();
  assert.deepEqual(waiting().map((d) => d.key), ['bad']);
});
test('what is done to a case goes out in the order it was done', async () => {
  let open = false;
  const s = street((r) => { if (!open) throw new Error(''); return { status: 201, data: { key: 'k' } }; });
  const { perform, waiting } = await load('core/queue.ts');
  await perform({ path: '/cases/x/accept', body: {}, title: '接单' });
  open = true; s.log.length = 0;
  await perform({ path: '/cases/x/handle', body: {}, title: '办结' });
  assert.deepEqual(s.log.map((r) => r.path)[0], '/cases/x/accept');
});
test('after a refusal (consent) photos are not uploaded again', async () => {
  let n = 0;
  const s = street((r) => (r.path === '/cases' && n++ === 0 ? { status: 422, data: { error: { code: 'consent_missing', message: 'x', fields: { kind: 'location', version: '1' } } } } : { status: 201, data: { key: 'k', number: 1 } }));
  const { blank, send } = await load('services/report.ts');
  const r = { ...blank(), words: 'a', photos: ['wxfile://tmp/a.jpg'] };
  await send(r).catch(() => 0); await send(r);
  assert.equal(s.log.filter((x) => x.path === '/photos').length, 1);
});
test('a login code that was spent does not turn a waiting deed into a refused one', async () => {
  const one = phone((r) => (r.path === '/login' ? { status: 422, data: { error: { code: 'code_invalid', message: 'x', fields: {} } } } : { status: 401, data: { error: { code: 'unauthorized', message: 'x', fields: {} } } }));
  const { flush, waiting } = await load('core/queue.ts');
  wx.setStorageSync('deeds', [{ ...DEED, key: 'k1', at: 0, state: 'waiting', reason: '', attachments: [] }]);
  await flush();
  assert.deepEqual(waiting().map((d) => d.state), ['waiting']);
  assert.equal(one.logins(), 2);
});
test('a 401 that comes late finds the session that another one opened', async () => {
  let logins = 0;
  phone((r) => r.path === '/login' ? { data: { token: `new${++logins}` } } : /^Bearer new/.test(r.header.Authorization) ? { data: {} } : { status: 401, data: { error: { code: 'unauthorized', message: 'x', fields: {} } } });
  wx.setStorageSync('token', 'old');
  const { get } = await load('core/http.ts');
  const { request } = wx;
  wx.request = (o) => (o.url.endsWith('/slow') ? setTimeout(() => request(o), 30) : request(o));
  await Promise.all([get('/fast'), get('/slow')]);
  assert.equal(logins, 1);
});
test('photos of a refused one: which, and the rest goes without it', async () => {
  const s = street((r) => (r.file?.includes('bad') ? { status: 422, data: { error: { code: 'photo_damaged', message: '打不开。', fields: {} } } } : { status: 201, data: { key: `k-${r.file ?? ''}` } }));
  const { flush, retry, waiting } = await load('core/queue.ts');
  const at = (file) => ({ path: '/photos', field: 'photo', list: 'photos', file, key: `key-${file}` });
  wx.setStorageSync('deeds', [{ ...DEED, key: 'k1', at: 0, state: 'waiting', reason: '', attachments: [at('a'), at('bad')] }]);
  await flush();
  assert.deepEqual(waiting().map((d) => [d.state, d.reason]), [['refused', '第 2 张照片没有发成：打不开。再发一次，就不带它。']]);
  await retry('k1');
  assert.deepEqual(waiting(), []);
  assert.deepEqual(s.log.at(-1).body.photos, ['k-a']);
});
