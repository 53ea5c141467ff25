// A whistle waits until the community has answered it.
import assert from 'node:assert/strict';
import test from 'node:test';
import { load } from './load.mjs';

const { whistling } = await load('services/unit.ts');
const step = (verb, note = '') => ({ verb, note });

test('a whistle waits until the community answers, also with none', () => {
  assert.equal(whistling([step('report')]), '');
  assert.equal(whistling([step('report'), step('whistle', '要断电'), step('note', '等着')]), '要断电');
  assert.equal(whistling([step('whistle', '要断电'), step('involve')]), '');
  assert.equal(whistling([step('whistle', '要断电'), step('involve'), step('whistle', '还要吊车')]), '还要吊车');
});
