// Times of the service in Asia/Shanghai, whatever the phone's own zone is.
import assert from 'node:assert/strict';
import test from 'node:test';
import { load } from './load.mjs';

const { left, near } = await load('core/hours.ts');
const now = Date.parse('2026-11-23T15:30:00Z'); // 23:30 in Shanghai

test('a moment near by is told by its day, one further off by its date', () => {
  const told = {
    '2026-11-23T01:05:00Z': '今天 09:05', '2026-11-23T16:00:00Z': '明天 00:00', '2026-11-22T15:59:59Z': '昨天 23:59',
    '2026-11-21T04:00:00+00:00': '11月21日 12:00', '2025-12-31T18:00:00Z': '1月1日 02:00', '2024-12-31T15:00:00Z': '2024年12月31日 23:00',
  };
  for (const [moment, words] of Object.entries(told)) assert.equal(near(moment, now), words);
  assert.equal(near('soon', now), '');
});

test('what is left is told in hours and minutes, never as nothing while something is left', () => {
  const told = {
    '2026-11-24T14:10:00Z': '22 小时 40 分钟', '2026-11-23T16:10:00Z': '40 分钟', '2026-11-23T15:30:20Z': '1 分钟',
    '2026-11-23T15:29:00Z': '', soon: '',
  };
  for (const [moment, words] of Object.entries(told)) assert.equal(left(moment, now), words);
});
