// Who is on duty, and as what.
import assert from 'node:assert/strict';
import test from 'node:test';
import { load } from './load.mjs';

const { dutyOf } = await load('services/worker.ts');
const role = (kind, key) => ({ kind, name: '', place: { key } });

test('a resident is not on duty, nor is somebody of the district here', () => {
  assert.equal(dutyOf({ roles: [] }), null);
  assert.equal(dutyOf({ roles: [role('district_admin', 'd')] }), null);
});

test('one can be a worker in one community and an admin of another', () => {
  assert.deepEqual(dutyOf({ roles: [role('grid_worker', 'a'), role('community_admin', 'b')] }), { grids: ['a'], communities: ['b'] });
  assert.deepEqual(dutyOf({ roles: [role('volunteer', 'a')] }), { grids: [], communities: [] });
});
