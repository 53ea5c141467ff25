/**
 * Places to stand at when the demo says nothing better: invented spots round one park, in GCJ-02 degrees, as WeChat
 * counts. One lies far outside every community on purpose.
 */

export const PLACES = [
  { label: "幸福家园 3号楼门口", lat: 34.7829, lng: 114.3672 },
  { label: "幸福家园 小区东门", lat: 34.7823, lng: 114.3691 },
  { label: "社区党群服务中心", lat: 34.7841, lng: 114.3658 },
  { label: "很远的地方（北京天安门）", lat: 39.9087, lng: 116.3975 },
];
