// Notices: what is urgent, valid and unread stands first.
import assert from 'node:assert/strict';
import test from 'node:test';
import { load } from './load.mjs';

const { iconOf, urgentFirst } = await load('services/notice.ts');

test('an urgent notice that is unread stands first, the rest keeps its order', () => {
  const rows = [
    { key: 'new', urgent: false, read: false, withdrawn: false },
    { key: 'withdrawn', urgent: true, read: false, withdrawn: true },
    { key: 'read', urgent: true, read: true, withdrawn: false },
    { key: 'urgent', urgent: true, read: false, withdrawn: false },
    { key: 'urgent too', urgent: true, read: false, withdrawn: false },
  ];
  assert.deepEqual(urgentFirst(rows).map((row) => row.key), ['urgent', 'urgent too', 'new', 'withdrawn', 'read']);
});

test('every kind has its icon, a new one that of a notice', () => {
  const kinds = ['water_power', 'safety', 'meeting', 'affairs', 'life'];
  assert.equal(new Set(kinds.map(iconOf)).size, kinds.length);
  assert.equal(iconOf('other'), 'notice');
});
