// The talk: numbers that can be tapped, and pages that become one talk.
import assert from 'node:assert/strict';
import test from 'node:test';
import { load } from './load.mjs';

const { merged, pieces } = await load('services/conversation.ts');

const cut = (text) => pieces(text).map(({ text: words, number }) => [words, number]);

test('the number of a case can be tapped, the words around it stay', () => {
  assert.deepEqual(cut('收到，编号 #1023：井盖。'), [['收到，编号 ', 0], ['#1023', 1023], ['：井盖。', 0]]);
  assert.deepEqual(cut('＃1023 和#1024'), [['＃1023', 1023], [' 和', 0], ['#1024', 1024]]);
});

test('what only looks like a number is words', () => {
  for (const text of ['3号楼 501', '#12', '1023', '13800000001', '#1234567890', '']) {
    assert.deepEqual(cut(text), text ? [[text, 0]] : []);
  }
});

test('the pieces put together are what was said', () => {
  const text = '#1023 办好了？#1024 呢\n谢谢 😀';
  assert.equal(cut(text).map(([words]) => words).join(''), text);
  assert.deepEqual(pieces(text).map((piece) => piece.at), [0, 1, 2, 3]);
});

test('a line that is told again takes its own place, a new one the end', () => {
  const old = [{ key: 'a', near: '今天 08:00' }, { key: 'b', near: '今天 08:01' }];
  const fresh = [{ key: 'b', near: '昨天 08:01' }, { key: 'c', near: '今天 09:00' }];
  assert.deepEqual(merged(old, fresh), [old[0], fresh[0], fresh[1]]);
  assert.deepEqual(merged([], fresh), fresh);
  assert.deepEqual(merged(old, []), old);
});
