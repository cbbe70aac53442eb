// What the board of a call-up says beside the words of all pages.

import { learn } from "./words.js";

const ZH = {
  filled: "个岗位有人（共 {n} 个）", missing: "还缺 {n} 人", allFilled: "全部满员", standby: "候补 {n} 人", awaited: "{n} 人还没有答复", waves: "已发 {n} 批通知", closed: "已结束（{at}）",
  updated: "{at} 更新，每 {n} 秒查看一次", outOfReach: "连不上服务，下面是 {at} 的数字", byShift: "各班次", bySkill: "各技能", anySkill: "不限技能", ofPlaces: "{held} / {places}",
  byUnit: "各街镇", ofUnit: "{unit}的各站", backToUnits: "← 回到各街镇", held: "有人", stillMissing: "还缺", waits: "候补", asked: "待答复", noUnit: "无街镇",
  legendTitle: "各站岗位", none: "一个人也没有", few: "不到一半", most: "一半以上，未满", full: "满员", larger: "圆点越大，缺人越多", signedAs: "{name}（{role}）", signOut: "退出登录", callChoice: "哪一次征召",
  noCalls: "还没有征召。由实践中心发起后，这里会显示各站到岗情况。", notForRole: "这个账号看不到看板：它给实践中心、所、站和审计用。", otherRegion: "这个账号属于别的地区。",
  wrongSecret: "名称和密码不相符", triedTooOften: "试的次数太多，请过一会儿再试", role_resident: "居民", role_volunteer: "志愿者", role_leader: "队长", role_station: "实践站", role_office: "实践所",
  role_centre: "实践中心", role_auditor: "审计", stationCard: "{held} / {places} 人，候补 {standby}，待答复 {asked}", boardOf: "{name}：到岗看板",
};

const EN = {
  filled: "of {n} places taken", missing: "{n} people still missing", allFilled: "all places taken", standby: "{n} standing by", awaited: "{n} have not answered yet", waves: "{n} waves of notices sent", closed: "closed ({at})",
  updated: "as of {at}, looked at every {n} seconds", outOfReach: "The service cannot be reached; figures of {at}", byShift: "By shift", bySkill: "By skill", anySkill: "no skill needed", ofPlaces: "{held} / {places}",
  byUnit: "By township", ofUnit: "Stations of {unit}", backToUnits: "← All townships", held: "Taken", stillMissing: "Missing", waits: "Stand by", asked: "Unanswered", noUnit: "no township",
  legendTitle: "Places by station", none: "nobody yet", few: "under half", most: "half or more, not all", full: "all taken", larger: "The larger the dot, the more are missing", signedAs: "{name} ({role})", signOut: "Sign out", callChoice: "Which call-up",
  noCalls: "No call-up yet. Once the centre opens one, its posts show here, station by station.", notForRole: "This account may not see the board: it is for the centre, offices, stations and auditors.", otherRegion: "This account belongs to another region.",
  wrongSecret: "Name and password do not belong together", triedTooOften: "Tried too often; please wait a while", role_resident: "Resident", role_volunteer: "Volunteer", role_leader: "Team leader", role_station: "Station", role_office: "Office",
  role_centre: "Centre", role_auditor: "Auditor", stationCard: "{held} of {places}, {standby} standing by, {asked} unanswered", boardOf: "{name}: board",
};

learn({ zh: ZH, en: EN });
