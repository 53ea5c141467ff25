// What a report lacks, what the service gets of it, and where it is.
import assert from 'node:assert/strict';
import test from 'node:test';
import { load } from './load.mjs';
import { phone, service } from './wx.mjs';

const COMMUNITY = { key: 'com', kind: 'community', name: '惠民社区', label: '惠民社区' };
const BUILDING = { key: 'b3', kind: 'building', name: '3号楼', label: '幸福家园 3号楼' };
const SPOT = { community: COMMUNITY, place: BUILDING, floor: '' };
const COVER = { code: 'missing_manhole_cover', name: '窨井盖缺失破损', zone: '', hazard: true, emergency: false, advice: '请绕行' };

async function reports() {
  phone(() => ({}));
  return load('services/report.ts');
}

test('one sentence and a place are enough', async () => {
  const { blank, lack } = await reports();
  assert.equal(lack({ ...blank(), words: ' ' }).part, 'what');
  assert.equal(lack({ ...blank(), words: '井盖坏了' }).part, 'where');
  assert.equal(lack({ ...blank(), words: '井盖坏了', spot: SPOT }), null);
});

test('a voice, or a kind that was chosen, does as well as words; a kind that was guessed does not', async () => {
  const { blank, bodyOf, lack } = await reports();
  const silent = { ...blank(), spot: SPOT };
  assert.equal(lack({ ...silent, voices: [{ file: 'a', seconds: 3 }] }), null);
  assert.equal(lack({ ...silent, category: COVER, chosen: true }), null);
  assert.equal(lack({ ...silent, category: COVER }).part, 'what');
  assert.equal(bodyOf({ ...silent, category: COVER, chosen: true, photos: ['a'] }).words, '窨井盖缺失破损，请看照片');
  assert.equal(bodyOf({ ...silent, voices: [{ file: 'a', seconds: 3 }] }).words, '');
});

test('an emoji is one character, as the service counts; the end is told before it comes', async () => {
  const { blank, lack, lengthOf, roomWords } = await reports();
  assert.equal(lengthOf('😀井盖'), 3);
  assert.equal(roomWords('😀'.repeat(1799)), '');
  assert.equal(roomWords('😀'.repeat(1900)), '还能写 100 个字');
  assert.match(roomWords('😀'.repeat(2500)), /多了 500 个/);
  assert.equal(lack({ ...blank(), words: '字'.repeat(2000), spot: SPOT }), null);
  assert.equal(lack({ ...blank(), words: '字'.repeat(2001), spot: SPOT }).part, 'what');
  assert.equal(lack({ ...blank(), words: '字', spot: SPOT, placeWords: '字'.repeat(121) }).part, 'where');
});

test('anonymous takes neither voice nor somebody else', async () => {
  const { blank, lack } = await reports();
  const veiled = { ...blank(), words: '吵', spot: SPOT, anonymous: true };
  assert.equal(lack(veiled), null);
  assert.match(lack({ ...veiled, voices: [{ file: 'a', seconds: 3 }] }).said, /听声音就知道是谁/);
  assert.match(lack({ ...veiled, behalf: 'mother' }).said, /不能匿名/);
});

test('a pin elsewhere means there and not at home; beside a chosen place it is the exact point of it', async () => {
  const { blank, bodyOf } = await reports();
  const pin = { lat: 34.78, lng: 114.36, name: '西门' };
  const home = bodyOf({ ...blank(), words: '树', spot: SPOT, assumed: true, pin });
  assert.deepEqual([home.place, home.community, home.place_words], [null, null, '西门']);
  assert.deepEqual(home.point, { lat: 34.78, lng: 114.36, system: 'gcj02' });
  const chosen = bodyOf({ ...blank(), words: '树', spot: { ...SPOT, floor: '4 层' }, pin, placeWords: '电梯口' });
  assert.deepEqual([chosen.place, chosen.community, chosen.place_words], ['b3', 'com', '4 层 电梯口']);
});

test('it is sent with its files under its own key, and the draft and the files go', async () => {
  const { asked, dropped } = phone(service(({ path }) => ({ status: 201, data: { key: `of-${path}`, number: 7 } })));
  wx.setStorageSync('token', 'good');
  const { blank, draft, keep, send } = await load('services/report.ts');
  const report = {
    ...blank(), words: '井盖坏了', spot: SPOT, photos: ['wxfile://usr/kept-1.jpg'], voices: [{ file: 'wxfile://usr/kept-2.mp3', seconds: 4 }],
  };
  keep(report);
  assert.equal(draft.read().words, '井盖坏了');
  assert.equal((await send(report)).answer.number, 7);
  const filed = asked.find((one) => one.path === '/cases');
  assert.equal(filed.header['Idempotency-Key'], report.key);
  assert.deepEqual([filed.body.photos, filed.body.voices], [['of-/photos'], ['of-/voices']]);
  assert.equal(draft.read(), null);
  assert.deepEqual(dropped, ['wxfile://usr/kept-1.jpg', 'wxfile://usr/kept-2.mp3']);
});

test('what waits for the network keeps its files', async () => {
  const { dropped } = phone(() => {
    throw new Error('');
  });
  wx.setStorageSync('token', 'good');
  const { blank, draft, keep, send } = await load('services/report.ts');
  const report = { ...blank(), words: '井盖坏了', spot: SPOT, photos: ['wxfile://usr/kept-1.jpg'] };
  keep(report);
  assert.equal((await send(report)).waits, true);
  assert.equal(draft.read(), null);
  assert.deepEqual(dropped, []);
  assert.equal(wx.getStorageSync('deeds')[0].attachments[0].file, 'wxfile://usr/kept-1.jpg');
});

test('what was refused keeps everything and is shown where it belongs', async () => {
  const error = { code: 'consent_missing', message: '请先看过', fields: { kind: 'location', version: '1' } };
  phone(service(() => ({ status: 422, data: { error } })));
  wx.setStorageSync('token', 'good');
  const { blank, consentMissing, draft, keep, partOf, send, stepOf } = await load('services/report.ts');
  const report = { ...blank(), words: '井盖坏了', spot: SPOT };
  keep(report);
  const thrown = await send(report).catch((error) => error);
  assert.equal(draft.read().words, '井盖坏了');
  assert.equal(consentMissing(thrown), 'location');
  assert.equal(consentMissing(new Error('x')), '');
  assert.equal(partOf({}), 'who');
  assert.deepEqual(['photo', 'what', 'where', 'who'].map(stepOf), [0, 1, 2, 3]);
});

test('nothing that was not worth it is asked about later', async () => {
  phone(() => ({}));
  const { blank, draft, keep } = await load('services/report.ts');
  keep({ ...blank(), spot: SPOT, assumed: true });
  assert.equal(draft.read(), null);
});

test('a code on the wall names its place, however WeChat hands it over', async () => {
  phone(() => ({}));
  const { placeIn } = await load('services/place.ts');
  assert.equal(placeIn('pages/report/report?scene=p%3Dabc-1_X'), 'abc-1_X');
  assert.equal(placeIn('p%3Dabc'), 'abc');
  assert.equal(placeIn('p=abc'), 'abc');
  for (const other of ['', 'https://example.com/', 'p=', 'p=a b', 'x=abc', '%E0%A4%A', 'pages/me/me']) assert.equal(placeIn(other), '');
});

test('the floors of an entrance come from its doors', async () => {
  phone(() => ({}));
  const { floorsOf, spotWords } = await load('services/place.ts');
  assert.deepEqual(floorsOf(['501', '502', '101', '1203', '门卫', '0101'].map((name) => ({ name }))), [1, 5, 12]);
  assert.equal(spotWords({ ...SPOT, floor: '5 层' }), '幸福家园 3号楼 5 层');
  assert.equal(spotWords({ community: COMMUNITY, place: null, floor: '' }), '惠民社区');
});

test('only the same kind of matter near by is asked about', async () => {
  const cases = [{ key: 'a', category: '窨井盖缺失破损' }, { key: 'b', category: '绿化养护' }];
  const { asked } = phone(service(() => ({ data: { cases } })));
  wx.setStorageSync('token', 'good');
  const { findNear } = await load('services/nearby.ts');
  assert.deepEqual((await findNear({ place: 'b3' }, '窨井盖缺失破损')).map((one) => one.key), ['a']);
  assert.deepEqual(asked[0].body, { place: 'b3' });
});

test('one bad photo does not lose the others, and large ones become small', async () => {
  phone(() => ({}));
  const shrunk = [];
  wx.chooseMedia = ({ success }) =>
    success({ tempFiles: ['a.jpg', 'bad.jpg', 'large.jpg', 'huge.jpg'].map((name) => ({ tempFilePath: `wxfile://tmp/${name}`, size: name === 'large.jpg' ? 5e6 : 1000 })) });
  wx.getImageInfo = ({ src, success, fail }) => (src.includes('bad') ? fail({ errMsg: 'getImageInfo:fail' }) : success({ width: 10 }));
  wx.compressImage = ({ src, success }) => (shrunk.push(src), success({ tempFilePath: 'wxfile://tmp/small.jpg' }));
  const { choosePhotos } = await load('services/photo.ts');
  const { files, trouble } = await choosePhotos(9, 'album');
  assert.deepEqual(shrunk, ['wxfile://tmp/large.jpg']);
  assert.equal(files.length, 3);
  // This phone has no room for one called huge: it can still be sent now.
  assert.equal(files[2], 'wxfile://tmp/huge.jpg');
  assert.match(trouble, /有 1 张打不开/);
  assert.match((await choosePhotos(1, 'album')).trouble, /多出的 3 张没有加上/);
});

test('turning back from the camera is nothing wrong, a camera that is not allowed is said', async () => {
  phone(() => ({}));
  const { choosePhotos } = await load('services/photo.ts');
  wx.chooseMedia = ({ fail }) => fail({ errMsg: 'chooseMedia:fail cancel' });
  assert.deepEqual(await choosePhotos(9, 'camera'), { files: [], trouble: '' });
  wx.chooseMedia = ({ fail }) => fail({ errMsg: 'chooseMedia:fail auth deny' });
  await assert.rejects(choosePhotos(9, 'camera'), /没有照片也能报/);
});
