// Asking the service: one silent login when the session has ended, one key for one deed, one shape for every failure.
import assert from 'node:assert/strict';
import test from 'node:test';
import { load } from './load.mjs';
import { phone, service } from './wx.mjs';

const refused = (code, status) => (error) => error.code === code && error.status === status && error.message.length > 4;

test('the first request opens a session by itself', async () => {
  const { asked, stored } = phone(service(() => ({ data: { name: '张兰' } })));
  const { get } = await load('core/http.ts');
  assert.deepEqual(await get('/me'), { name: '张兰' });
  assert.deepEqual(asked.map((one) => one.path), ['/login', '/me']);
  assert.equal(stored.get('token'), 'good');
});

test('a session that has ended is opened again in silence, and the deed keeps its key', async () => {
  const { asked, stored } = phone(service(() => ({ status: 201, data: { number: 1023 } })));
  stored.set('token', 'ended');
  const { post } = await load('core/http.ts');
  assert.deepEqual(await post('/cases', { words: '井盖坏了' }), { number: 1023 });
  const tries = asked.filter((one) => one.path === '/cases');
  assert.equal(tries.length, 2);
  assert.equal(tries[0].header['Idempotency-Key'], tries[1].header['Idempotency-Key']);
  assert.match(tries[0].header['Idempotency-Key'], /^[0-9a-z]{26}$/);
});

test('five pages that find the session ended share one login', async () => {
  const { stored, logins } = phone(service(() => ({ data: {} })));
  stored.set('token', 'ended');
  const { get } = await load('core/http.ts');
  await Promise.all(['/me', '/door', '/cases', '/notices', '/tasks'].map((path) => get(path)));
  assert.equal(logins(), 1);
});

test('whoever is not let in after a login is told so, and not asked for ever', async () => {
  const { asked } = phone(service(() => ({ status: 401, data: { error: { code: 'unauthorized', message: '请先登录。' } } })));
  const { get } = await load('core/http.ts');
  await assert.rejects(get('/me'), refused('unauthorized', 401));
  assert.equal(asked.filter((one) => one.path === '/me').length, 2);
});

test('a refusal of the service comes with its code, its sentence and its fields', async () => {
  const error = { code: 'invalid', message: '有内容填得不对，请改正后再试。', fields: { words: '必填' } };
  phone(service(() => ({ status: 422, data: { error } })));
  const { post } = await load('core/http.ts');
  await assert.rejects(post('/cases', {}), (failure) => {
    assert.deepEqual({ ...failure }, { name: 'Failure', code: 'invalid', fields: { words: '必填' }, status: 422 });
    assert.equal(failure.message, error.message);
    return !failure.passing && !failure.offline;
  });
});

test('a page of a proxy, no network and a silent line each say what to do, and may be tried again', async () => {
  const { get } = await load('core/http.ts');
  phone(service(() => ({ status: 502, data: '<html>Bad Gateway</html>' })));
  await assert.rejects(get('/me'), (error) => error.code === 'unreadable' && error.passing && !error.offline);
  phone(() => Promise.reject(new Error('')));
  wx.setStorageSync('token', 'good');
  await assert.rejects(get('/me'), (error) => error.code === 'offline' && error.passing && error.offline);
  phone(() => Promise.reject(new Error('timeout')));
  wx.setStorageSync('token', 'good');
  await assert.rejects(get('/me'), (error) => error.code === 'timeout' && error.passing && error.offline);
});

test('what is asked stands in the address, and nothing that was not said', async () => {
  const { asked } = phone(service(() => ({ data: {} })));
  const { get } = await load('core/http.ts');
  await get('/cases', { cursor: 'a b&c', limit: 20, place: undefined, mine: '' });
  assert.equal(asked.at(-1).path, '/cases?cursor=a%20b%26c&limit=20');
});
