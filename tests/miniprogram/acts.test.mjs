// The less frequent deeds of staff: what each asks for, and what goes to the service.
import assert from 'node:assert/strict';
import test from 'node:test';
import { load } from './load.mjs';

const { ACTS, EMPTY, lack, request } = await load('staff/act/acts.ts');

test('each says what is missing, and nothing when it is there', () => {
  for (const [verb, act] of Object.entries(ACTS)) {
    const filled = { ...EMPTY, note: '要等配件', colleague: 'k1', to: '市政养护所', same: '#1001', until: '2026-12-24', kind: 'noise', disposition: 'market' };
    assert.equal(lack(act, filled), '', verb);
    for (const field of act.must) {
      const name = { colleague: 'colleague', note: 'note', to: 'to', same: 'same', until: 'until', kind: 'kind', disposition: 'disposition' }[field];
      assert.match(lack(act, { ...filled, [name]: '' }), /^请/, `${verb} without ${field}`);
    }
  }
});

test('where each goes, with what', () => {
  const filled = { ...EMPTY, note: ' 井盖还响 ', colleague: 'k1', to: '市政养护所', same: '#1001', until: '2026-12-24', days: 3, kind: 'noise' };
  const only = (fields) => ({ ...EMPTY, ...fields });
  assert.deepEqual(request('c', 'ask', filled), { path: '/cases/c/questions', body: { text: '井盖还响', days: 3 } });
  assert.deepEqual(request('c', 'classify', filled), { path: '/cases/c/class', body: { category: 'noise' } });
  assert.deepEqual(request('c', 'hold', filled), { path: '/cases/c/extension', body: { kind: 'hold', reason: '井盖还响', until: '2026-12-24' } });
  assert.deepEqual(request('c', 'extension', filled).body, { kind: 'extension', reason: '井盖还响' });
  assert.deepEqual(request('c', 'transfer', only({ note: 'x', colleague: 'k1' })), { path: '/cases/c/transfer', body: { note: 'x', worker: 'k1' } });
  assert.deepEqual(request('c', 'merge', only({ same: '#1001' })), { path: '/cases/c/merge', body: { note: '', into: '#1001' } });
  assert.deepEqual(request('c', 'hand_over', only({ note: 'x', to: ' 市政 ' })).body, { note: 'x', to: '市政' });
});
