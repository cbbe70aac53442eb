// The words of the what-if page alone.

import { learn } from "./words.js";

const ZH = {
  whatifInvite: "拖动一个站点，或用地图上方的工具新增、关闭站点、架桥、开门：多少人受益，这里立刻算出来。",
  coveredNow: "人现在步行 {minutes} 分钟可达（{share}）", changeWon: "人新进入步行 {minutes} 分钟圈", changeLost: "人失去步行 {minutes} 分钟圈", changeNobody: "可达人数不变",
  becomes: "变为", shareChange: "可达 {before} → {after}（{points}）", percentPoints: "{n} 个百分点", backupChange: "有两处以上可去 {before} → {after}", medianChange: "步行距离中位数 {before} → {after}",
  change: "变化", changesTitle: "改动 {n} 处", clearChanges: "全部去掉", dropChange: "去掉这处改动",
  changeAdd: "新增 {name}", changeClose: "关闭 {name}", changeMove: "移动 {name}，{metres}", changeMoveGone: "移动 {name}",
  changeBridge: "人行桥 {n}，{metres}", changeGate: "门 {n}，{metres}",
  faultPlace: "这个位置不能用，没有计入", faultGone: "本区已没有这个站点，没有计入", faultLink: "有一头附近没有可走的路，没有计入",
  faultOffNetwork: "附近没有可走的路，这个站点谁也走不到",
  hintIdle: "拖动站点就能移动它；点一下可以关闭它", hintAdd: "点地图，新站点就放在那里", hintClose: "点要关闭的站点", hintBridge: "桥从哪里起？点一下起点", hintBridgeEnd: "再点桥的另一头",
  hintGate: "点围墙这一侧的路", hintGateEnd: "再点围墙那一侧的路", hintMove: "“{name}”移到哪里？点一下新位置",
  typedNotTwo: "请写两个数：经度, 纬度", typedSwapped: "经纬度写反了：经度在前，例如 116.31, 39.98",
  dragIt: "可以直接拖动它", moveIt: "移到别处", closeIt: "关闭这里", removeIt: "去掉它", putBack: "恢复原样",
  linkUnread: "这个链接里的改动看不懂，没有打开。您可以从头改起。",
  turnedWon: "新的圈，新进圈的住处", turnedLost: "消失的圈，出圈的住处",
};

const EN = {
  whatifInvite: "Drag a site, or use the tools above the map to add or close sites, build a bridge or open a gate: how many people gain shows here at once.",
  coveredNow: "people are within {minutes} minutes' walk now ({share})", changeWon: "people come within {minutes} minutes' walk", changeLost: "people fall out of {minutes} minutes' walk", changeNobody: "as many people within reach as before",
  becomes: "becomes", shareChange: "Reach {before} → {after} ({points})", percentPoints: "{n} points", backupChange: "Two or more to choose from {before} → {after}", medianChange: "Median walk {before} → {after}",
  change: "Change", changesTitle: "Changes: {n}", clearChanges: "Remove all", dropChange: "Remove this change",
  changeAdd: "New: {name}", changeClose: "Closed: {name}", changeMove: "Moved: {name}, {metres}", changeMoveGone: "Moved: {name}",
  changeBridge: "Footbridge {n}, {metres}", changeGate: "Gate {n}, {metres}",
  faultPlace: "This place cannot be used; not counted", faultGone: "This region no longer has this site; not counted", faultLink: "No street to walk near one of its ends; not counted",
  faultOffNetwork: "No street to walk near here; nobody can reach this site",
  hintIdle: "Drag a site to move it; click it to close it", hintAdd: "Click on the map to put the new site there", hintClose: "Click the site to close", hintBridge: "Where does the bridge begin? Click there", hintBridgeEnd: "Now click its other end",
  hintGate: "Click the street on this side of the wall", hintGateEnd: "Now click the street on the other side", hintMove: "Where to move “{name}”? Click the new place",
  typedNotTwo: "Write two numbers: longitude, latitude", typedSwapped: "These are swapped: longitude first, such as 116.31, 39.98",
  dragIt: "You can also drag it", moveIt: "Move it", closeIt: "Close it", removeIt: "Remove it", putBack: "Put it back",
  linkUnread: "The changes in this link make no sense and were not opened. You can start afresh.",
  turnedWon: "New circles, homes won", turnedLost: "Circles gone, homes lost",
};

learn({ zh: ZH, en: EN });
