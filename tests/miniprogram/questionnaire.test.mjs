// Further questions: what is asked after what, what an answer stops, and what is not sent any more.
import assert from 'node:assert/strict';
import test from 'node:test';
import { load } from './load.mjs';

const { askedNow, numberOf, pruned, stopOf } = await load('services/questionnaire.ts');
const ask = (code, more = {}) => ({
  code, words: code, kind: 'yes_no', required: false, notice: '', when: [], options: [], unit: '', min: null, max: null, stops: [], ...more,
});
const only = (question, ...any) => ({ when: [{ question, any }] });
const fell = ask('fell', { stops: [{ any: [true], words: '请拨打 120', numbers: ['120'], still_filed: true }] });
const COVER = [fell, ask('gone'), ask('fenced', only('gone', true)), ask('since', { kind: 'text', ...only('fenced', false) })];
const codes = (rows) => rows.map((one) => one.code);

test('a question is asked only after the answer that calls for it', () => {
  assert.deepEqual(codes(askedNow(COVER, {})), ['fell', 'gone']);
  assert.deepEqual(codes(askedNow(COVER, { gone: false })), ['fell', 'gone']);
  assert.deepEqual(codes(askedNow(COVER, { gone: true })), ['fell', 'gone', 'fenced']);
  assert.deepEqual(codes(askedNow(COVER, { gone: true, fenced: false })), ['fell', 'gone', 'fenced', 'since']);
});

test('what hides a question hides what hangs on it, and its answers are not sent', () => {
  const said = { gone: true, fenced: false, since: '昨天' };
  assert.deepEqual(pruned(COVER, said), said);
  assert.deepEqual(pruned(COVER, { ...said, gone: false }), { gone: false });
});

test('somebody fell in: stopped at once with whom to call', () => {
  assert.equal(stopOf(COVER, { gone: true }), null);
  assert.equal(stopOf(COVER, { fell: false }), null);
  assert.deepEqual(stopOf(COVER, { gone: true, fell: true }).numbers, ['120']);
});

test('a number is one within its range', () => {
  const wide = ask('wide', { kind: 'number', unit: '厘米', min: 1, max: 200 });
  assert.deepEqual(['30', ' 1 ', '200', '2.5'].map((typed) => numberOf(wide, typed)), [30, 1, 200, 2.5]);
  assert.deepEqual(['', 'x', '0', '201', '3 0', 'NaN', 'Infinity'].map((typed) => numberOf(wide, typed)), Array(7).fill(null));
});
