// A visit: what has to be said of it, and what goes out.
import assert from 'node:assert/strict';
import test from 'node:test';
import { load } from './load.mjs';

const stored = new Map();
globalThis.wx = {
  getStorageSync: (key) => stored.get(key) ?? '',
  setStorageSync: (key, value) => stored.set(key, JSON.parse(JSON.stringify(value))),
  removeStorageSync: (key) => stored.delete(key),
};
const { begin, bodyOf, draftVisit, forget, keep, lack } = await load('services/visit.ts');
const AT = Date.parse('2026-11-24T01:00:00Z');

test('half a visit stays on the phone until it is sent or given up', () => {
  keep({ ...begin({ key: 'h', label: '幸福家园 3号楼 2单元 501' }, AT), note: '写到一半' });
  assert.equal(draftVisit().note, '写到一半');
  forget();
  assert.equal(draftVisit(), null);
});

test('kind and whether somebody was met have to be said', () => {
  const draft = begin({ key: 'h', label: '501' }, AT);
  assert.equal(lack(draft), '请选这次是哪一种走访。');
  assert.equal(lack({ ...draft, kind: 'care' }), '请选家里有没有人。');
  assert.equal(lack({ ...draft, kind: 'care', met: false }), '');
});

test('empty needs stay at home, the moment has its offset', () => {
  const body = bodyOf({ ...begin({ key: 'h', label: '501' }, AT), kind: 'care', met: true, note: ' 都好 ', needs: ['扶手', ' ', ''] });
  assert.deepEqual(body, { household: 'h', kind: 'care', met: true, at: '2026-11-24T01:00:00.000Z', note: '都好', needs: ['扶手'] });
});
