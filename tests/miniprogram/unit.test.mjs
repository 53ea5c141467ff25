// A whistle waits until the community has answered it.
import assert from 'node:assert/strict';
import test from 'node:test';
import { load } from './load.mjs';

const { whistling } = await load('services/unit.ts');
const row = (state, reason = '') => ({ state, reason });

test('a wish waits until the community blows or says no', () => {
  assert.equal(whistling([]), '');
  assert.equal(whistling([row('wished', '要断电')]), '要断电');
  assert.equal(whistling([row('blown', '要断电')]), '');
  assert.equal(whistling([row('refused', '要断电'), row('wished', '还要吊车')]), '还要吊车');
});
