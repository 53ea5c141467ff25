// Calling units: exactly one leads, whatever is tapped in whatever order.
import assert from 'node:assert/strict';
import test from 'node:test';
import { load } from './load.mjs';

const { led, toggled } = await load('services/whistle.ts');

test('the first that is called leads, and when it goes the next one does', () => {
  const one = toggled([], 'a');
  assert.deepEqual(one, [{ unit: 'a', lead: true }]);
  const two = toggled(one, 'b');
  assert.deepEqual(two, [{ unit: 'a', lead: true }, { unit: 'b', lead: false }]);
  assert.deepEqual(toggled(two, 'a'), [{ unit: 'b', lead: true }]);
  assert.deepEqual(toggled(one, 'a'), []);
});

test('another one leads, and only that one', () => {
  const called = ['a', 'b', 'c'].reduce(toggled, []);
  assert.deepEqual(led(called, 'c').filter((one) => one.lead), [{ unit: 'c', lead: true }]);
});

test('after any taps exactly one leads, as long as anybody is called', () => {
  let called = [];
  for (const unit of 'abcabdacbbdca') {
    called = toggled(called, unit);
    assert.equal(called.filter((one) => one.lead).length, called.length ? 1 : 0);
  }
});
