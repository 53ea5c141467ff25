// Doors: found by what one types, named by what tells them apart.
import assert from 'node:assert/strict';
import test from 'node:test';
import { load } from './load.mjs';

const { matching, short } = await load('services/grid.ts');
const doors = ['1单元 501', '2单元 501', '2单元 502'].map((label) => ({ key: label, label: `幸福家园 3号楼 ${label}`, last_visit_at: null }));

test('a door is found by its number, by unit and number, and in full-width digits', () => {
  assert.deepEqual(matching(doors, '501').map((one) => one.key), ['1单元 501', '2单元 501']);
  assert.deepEqual(matching(doors, ' 2单元  501 ').map((one) => one.key), ['2单元 501']);
  assert.deepEqual(matching(doors, '５０２').map((one) => one.key), ['2单元 502']);
  assert.equal(matching(doors, '').length, 3);
  assert.equal(matching(doors, '601').length, 0);
});

test('in a list of one building the building is not said again', () => {
  assert.equal(short('幸福家园 3号楼 2单元 501', '幸福家园 3号楼'), '2单元 501');
  assert.equal(short('幸福家园 3号楼', '幸福家园 3号楼'), '幸福家园 3号楼');
  assert.equal(short('阳光花苑 501', '幸福家园'), '阳光花苑 501');
});
