// What the page of standing says beside the words of all pages.

import { learn } from "./words.js";

const ZH = {
  passes: "达标", shortOf: "还差 {n} 人", nobodyLives: "没有居民", asAsked: "现在的条件", presetName: "{standard} · {minutes} 分钟", noClause: "条号未收录",
  unitsPass: "个街镇达标（目标 {target}%）", regionPasses: "全区 {share}，已达标", regionShort: "全区 {share}，还差 {n} 人", unitsShort: "要每个街镇都达标，共还差 {n} 人",
  targetLabel: "目标：走得到的居民占", cityTarget: "{target}%（{place} {year} 年）", presetsTitle: "按标准与条文", presetStandard: "标准", presetVerdict: "还差（人）", unitsPassed: "达标街镇",
  targetsLegend: "目标 {target}%：还差的人数",
  profileWorst: "{profile} {minutes} 分钟可达", profileLost: "比国标步速（{share}）少 {n} 人", profilesTitle: "同样的分钟数，四种人", shortStandard: "国标", kmh: "{n} 公里/时",
  factSpeed: "步速", factLimit: "走得到的距离", factCovered: "可达人数", factStraight: "直线会说成", factMedian: "步行中位数", factP40: "第 40 百分位", factP90: "第 90 百分位",
  factWorst: "最远一成的平均步行", factGini: "基尼系数", factRatio: "P90/P40", times: "{n} 倍",
  points: "个百分点", overClaim: "按直线画圈多算了 {n} 人", overClaimWhy: "这些人离站点的直线距离在圈内，实际走路超出限距。", overClaimTitle: "直线与步行",
  asCrowFlies: "直线画圈", onFoot: "实际步行", overClaimed: "多算人数", overClaimedShare: "多算占人口",
  giniCaption: "步行距离的基尼系数", giniMeans: "0 为人人一样远，越接近 1 越不均。", lorenzTitle: "洛伦兹曲线", lorenzAlong: "居民，从走得最近的算起", lorenzUp: "占全部步行", lorenzEven: "人人一样远",
  lorenzHere: "本区，基尼 {gini}", lorenzWords: "洛伦兹曲线：基尼系数 {gini}；走得最远的一成居民走了全部步行的 {tenth}", lastTenth: "走得最远的一成居民，走了全部步行的 {share}。", worstTenth: "最远一成", gini: "基尼",
  supplyCaption: "圈内供给，每万人", supplyMeans: "两步移动搜寻（2SFCA）：每处的供给由走得到它的居民分。", supplyAssumed: "{n} 处没有写容量，每处按 {each} 计；写了容量的按容量。",
  supplyTitle: "供给", supplyTotal: "全部供给", supplyShared: "有人走得到的供给（等于分给居民的总和）", supplyStated: "写了容量的站点", supplyPer: "每万人",
  criticalCaption: "人只靠一处：{name}", criticalMeans: "它一关门，这些人步行圈内就没有别的站。", criticalTitle: "关键站点", criticalAlone: "有人只靠它的站点", criticalPeople: "只靠一处的居民", criticalSpare: "关了也没人失去覆盖的",
  sitesUnit: "{n} 处", firstRows: "表中列出前 {n} 处，共 {all} 处", lost: "只靠它", lostShare: "占全区", nearestOf: "最近是它", criticalLegend: "只靠一处的居民", criticalBubble: "圆越大，人越多",
  areasCaption: "人的最近站点是 {name}，全区最多", areasMeans: "每户归到最近的一处，铺满走得到的地面。", areasTitle: "责任区", areasMedian: "一处的居民数，中位", areasEmpty: "没有居民以它为最近的站点", areasCovered: "合计",
  homes: "住处", ground: "公顷", areasLegend: "每处责任区的居民", areaServes: "{people}的最近站点",
  weekCaption: "工作日晚上（18–22 点）平均可达", weekUnknown: "{n} 处开放时间不明，没有算进来；都开着的话最多 {most} 人", weekTitle: "一周里每个小时", weekday: "星期", hour: "时间", weekFigures: "数字表",
  hourCovered: "{share}，{n} 人", hourShare: "{day} {hour} 点：{share}", oClock: "{hour} 点", weekWords: "一周七天每小时的可达比例热图，最高 {share}；数字见下面的数字表", weekOrdinary: "按普通的一周算，没有法定节假日；看整点时开着的站。",
  weekdayDay: "工作日白天 9–17 点", weekdayEvening: "工作日晚上 18–22 点", weekendDay: "周末白天 9–17 点", weekendEvening: "周末晚上 18–22 点", weekLegend: "{day} {hour} 点开着的站走得到的地方",
  dayMo: "周一", dayTu: "周二", dayWe: "周三", dayTh: "周四", dayFr: "周五", daySa: "周六", daySu: "周日",
  bandCaption: "可达比例的把握（报告数 {share}）", bandMeans: "步速和家门到街的路都是估计，各变一点，结果会在这个范围里。", bandTitle: "什么会让它变", bandSpeed: "步速慢一成、快一成", bandAccess: "家门到街的路长一半、短一半", bandBoth: "两样一起变",
  bandLow: "最少人数", bandHigh: "最多人数", bandWords: "误差范围：报告数 {share}，最低 {low}，最高 {high}；人数见下表", bandLegend: "步速差一成", bandSure: "慢一成也走得到", bandDoubt: "快一成才走得到",
};

const EN = {
  passes: "passes", shortOf: "{n} people short", nobodyLives: "nobody lives here", asAsked: "As asked", presetName: "{standard} · {minutes} min", noClause: "no clause number held",
  unitsPass: "townships pass (target {target}%)", regionPasses: "The region: {share}, passes", regionShort: "The region: {share}, {n} people short", unitsShort: "For every township to pass, {n} people more in all",
  targetLabel: "Target: residents within reach", cityTarget: "{target}% ({place} {year})", presetsTitle: "By standard and clause", presetStandard: "Standard", presetVerdict: "Short by", unitsPassed: "Townships",
  targetsLegend: "Target {target}%: people short",
  profileWorst: "within {minutes} minutes: {profile}", profileLost: "{n} people fewer than at standard pace ({share})", profilesTitle: "The same minutes, four ways to walk", shortStandard: "Std", kmh: "{n} km/h",
  factSpeed: "Speed", factLimit: "Distance within", factCovered: "People covered", factStraight: "Compass would say", factMedian: "Median walk", factP40: "40th percentile", factP90: "90th percentile",
  factWorst: "Furthest tenth, mean walk", factGini: "Gini", factRatio: "P90/P40", times: "{n} times",
  points: "points", overClaim: "Circles drawn with a compass claim {n} people too many", overClaimWhy: "As the crow flies they are within reach; on foot they are not.", overClaimTitle: "Compass and walk",
  asCrowFlies: "Compass", onFoot: "On foot", overClaimed: "Over-claimed", overClaimedShare: "Of residents",
  giniCaption: "Gini of walking distance", giniMeans: "0: everybody walks the same; towards 1: uneven.", lorenzTitle: "Lorenz curve", lorenzAlong: "residents, those who walk least first", lorenzUp: "share of all walking", lorenzEven: "all the same",
  lorenzHere: "here, Gini {gini}", lorenzWords: "Lorenz curve: Gini {gini}; the tenth who walk furthest do {tenth} of all walking", lastTenth: "The tenth who walk furthest do {share} of all walking.", worstTenth: "Furthest tenth", gini: "Gini",
  supplyCaption: "Supply in reach, for 10,000 people", supplyMeans: "Two-step floating catchment (2SFCA): a site's supply is shared by those who can walk to it.", supplyAssumed: "{n} sites state no capacity and count as {each} each; others by their capacity.",
  supplyTitle: "Supply", supplyTotal: "All supply", supplyShared: "Supply that somebody can reach (equals what people get)", supplyStated: "Sites that state a capacity", supplyPer: "Per 10,000",
  criticalCaption: "people depend on one site alone: {name}", criticalMeans: "If it closes they have no other within reach.", criticalTitle: "Critical sites", criticalAlone: "Sites somebody depends on alone", criticalPeople: "People who depend on one site", criticalSpare: "Sites nobody would miss",
  sitesUnit: "{n} sites", firstRows: "The table shows the first {n} of {all}", lost: "Depend on it", lostShare: "Of region", nearestOf: "Nearest to", criticalLegend: "People who depend on one site", criticalBubble: "larger: more people",
  areasCaption: "people have {name} as their nearest, the most of all", areasMeans: "Each home goes to its nearest site; together the areas fill the ground within reach.", areasTitle: "Exclusive areas", areasMedian: "People of a site, median", areasEmpty: "Sites nearest to nobody", areasCovered: "In all",
  homes: "Homes", ground: "Hectares", areasLegend: "People of each area", areaServes: "Nearest to {people}",
  weekCaption: "covered on weekday evenings (18–22 h), on average", weekUnknown: "Of {n} sites the hours are unknown and they are left out; with all of them open at most {most} people", weekTitle: "Every hour of a week", weekday: "Day", hour: "Hour", weekFigures: "The figures",
  hourCovered: "{share}, {n} people", hourShare: "{day} {hour}:00: {share}", oClock: "{hour} h", weekWords: "Heat map of coverage for every hour of a week, {share} at most; the figures are in the table below", weekOrdinary: "An ordinary week without public holidays; sites open on the hour.",
  weekdayDay: "Weekdays 9–17 h", weekdayEvening: "Weekdays 18–22 h", weekendDay: "Weekends 9–17 h", weekendEvening: "Weekends 18–22 h", weekLegend: "Within reach of sites open {day} {hour}:00",
  dayMo: "Mon", dayTu: "Tue", dayWe: "Wed", dayTh: "Thu", dayFr: "Fri", daySa: "Sat", daySu: "Sun",
  bandCaption: "how sure the reach is (reported {share})", bandMeans: "Speed and the way from door to street are estimates; a little different, and the result lies in this range.", bandTitle: "What would move it", bandSpeed: "Speed a tenth slower or faster", bandAccess: "Door to street half as long again or half as long", bandBoth: "Both together",
  bandLow: "People, least", bandHigh: "People, most", bandWords: "Range: reported {share}, from {low} to {high}; people in the table below", bandLegend: "A tenth slower or faster", bandSure: "Reached a tenth slower", bandDoubt: "Only a tenth faster",
};

learn({ zh: ZH, en: EN });
