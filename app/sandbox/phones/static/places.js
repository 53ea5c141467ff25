/**
 * Places to stand at: the invented compounds of the demo, in GCJ-02 degrees, as WeChat counts them. The last one lies
 * far outside every community on purpose.
 */

export const PLACES = [
  { label: "幸福家园 3号楼门口", lat: 34.78119, lng: 114.36693 },
  { label: "阳光花苑 1号楼门口", lat: 34.786, lng: 114.37344 },
  { label: "柳荫里 7号楼门口", lat: 34.76969, lng: 114.37814 },
  { label: "很远的地方（北京天安门）", lat: 39.9087, lng: 116.3975 },
];
