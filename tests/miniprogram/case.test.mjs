// What the pages say of a case, worked out without a phone.
import assert from 'node:assert/strict';
import test from 'node:test';
import { load } from './load.mjs';

const { byWhom, day, iconOfStep, lookOfState, nextLimit, onDuty, refreshed, sections, shown } = await load('services/case.ts');

const STATES = ['reported', 'dispatched', 'handling', 'handled', 'closed', 'closed_no_feedback', 'rejected', 'withdrawn'];

test('what waits for me stands first, then what is being done, then what has ended', () => {
  const parts = sections(STATES.map((state) => ({ state })));
  assert.deepEqual(parts.waiting.map((one) => one.state), ['handled']);
  assert.deepEqual(parts.open.map((one) => one.state), ['reported', 'dispatched', 'handling']);
  assert.deepEqual(parts.ended.map((one) => one.state), ['closed', 'closed_no_feedback', 'rejected', 'withdrawn']);
});

test('every state has a shape of its own kind besides its words', () => {
  for (const state of STATES) assert.notEqual(lookOfState(state).icon, 'info-circle', state);
  assert.equal(lookOfState('').icon, 'info-circle');
});

test('a limit says who keeps it', () => {
  assert.equal(byWhom('dispatched', '今天 17:30前接单，还剩 2 小时'), '网格员今天 17:30前接单，还剩 2 小时');
  assert.equal(byWhom('reported', '今天 17:30前接单，还剩 2 小时'), '社区会派人，今天 17:30前接单，还剩 2 小时');
  assert.equal(byWhom('handled', '今天 17:30前办结，还剩 2 小时'), '');
  assert.equal(byWhom('dispatched', ''), '');
});

test('the limit that comes next is the one that is not met and ends first', () => {
  const dues = [
    { due: '2026-11-24T01:00:00Z', met_at: '2026-11-24T00:30:00Z', words: '今天 08:30 已接单' },
    { due: '2026-11-26T09:30:00Z', met_at: null, words: '11月26日 17:30前办结，还剩 2 天' },
    { due: '2026-11-24T03:00:00Z', met_at: null, words: '今天 11:00前现场围护，还剩 2 小时' },
  ];
  assert.equal(nextLimit({ state: 'handling', dues }), '网格员今天 11:00前现场围护，还剩 2 小时');
  assert.equal(nextLimit({ state: 'handling', dues: dues.slice(0, 1) }), '');
});

test('staff are known by what they may say or are told, and a reporter never', () => {
  const mine = { mine: true, verbs: [{ verb: 'withdraw' }], handler: null, reporter: null };
  assert.equal(onDuty(mine), false);
  assert.equal(onDuty({ ...mine, verbs: [{ verb: 'accept' }] }), true);
  assert.equal(onDuty({ ...mine, mine: false, verbs: [], handler: { key: 'a', name: '王大山' } }), true);
  assert.equal(onDuty({ ...mine, mine: false, verbs: [] }), false);
});

test('a day is that of Asia/Shanghai, whatever the phone thinks, with its year when it is another', () => {
  const now = Date.parse('2026-11-24T02:00:00Z');
  assert.equal(day('2026-11-23T17:00:00Z', now), '11月24日');
  assert.equal(day('2026-11-24', now), '11月24日');
  assert.equal(day('2025-12-31T15:59:00Z', now), '2025年12月31日');
  assert.equal(day('2025-12-31T16:00:00Z', now), '1月1日');
});

test('photos and steps that are new to us still say something', () => {
  assert.deepEqual(['report', 'before', 'safe', 'after', 'chat'].map(shown), ['上报时', '处理前', '现场已围护', '处理后', '对话里发的']);
  assert.equal(shown('other'), '照片');
  assert.equal(iconOfStep('other'), 'info-circle');
});

test('a first page read anew keeps what was paged to below it, while the two still meet', () => {
  const rows = (...keys) => keys.map((key) => ({ key }));
  assert.deepEqual(refreshed(rows('d', 'c', 'b', 'a'), 'a', rows('e', 'd', 'c'), 'c'), { rows: rows('e', 'd', 'c', 'b', 'a'), next: 'a' });
  assert.deepEqual(refreshed(rows('b', 'a'), null, rows('f', 'e', 'd'), 'd'), { rows: rows('f', 'e', 'd'), next: 'd' });
  assert.deepEqual(refreshed(rows('b', 'a'), null, rows('c', 'b', 'a'), null), { rows: rows('c', 'b', 'a'), next: null });
  assert.deepEqual(refreshed(rows('b', 'a'), null, [], null), { rows: [], next: null });
});
