// What the pages' programs say, in both languages. Templates have their own catalogue (translations/).

const ZH = {
  centre: "中心", office: "所", station: "站", outpost: "驿站", base: "基地", landscape: "小景观",
  sites: "站点", peopleUnit: "{n} 人", metresUnit: "{n} 米", kilometresUnit: "{n} 公里", minutesUnit: "{n} 分钟",
  headline: "居民步行 {minutes} 分钟可达", outside: "{n} 人在圈外", ofPeople: "共 {n} 人",
  straight: "按直线画圈会说成 {share}，多算 {over} 个百分点",
  walkTimes: "步行距离中位数 {median}，最远一成人平均 {worst}",
  offNetwork: "其中 {n} 人的住处接不上路网",
  gapsHeadline: "片空白地带", gapsOutside: "{people} 人住在 {minutes} 分钟以外",
  noGaps: "没有空白地带：人人都在圈内", noUnits: "本区没有街镇资料，只有总数", noPeople: "没有人口资料",
  total: "合计", unit: "街镇", population: "人口", share: "可达", gap: "圈外", twoOrMore: "两处以上", rank: "名次", people: "人数", nearest: "最近站点",
  covered: "可走到的地方", coveredTwice: "两处以上可走到", gapsLegend: "空白地带（圈外的居民）",
  gapFew: "少于 {n} 人", gapSome: "{a}–{b} 人", gapMany: "{n} 人以上",
  standard: "标准 {standard}", custom: "自定义", limit: "{profile} · {minutes} · {metres}",
  profileStandard: "国标步速", profileAdult: "成人", profileElder: "老人", profileWheelchair: "轮椅",
  dated: "数据日期 {date}", legend: "图例", hours: "开放时间", noHours: "开放时间未知",
  bandOutside: "（{low}–{high}）", bandNote: "小字为步速差一成、家门到街的路差一半时的范围",
  lostWithout: "没有它，{n} 人就没有站可去", lostNobody: "没有它，圈内的人仍有别的站可去", nearestTo: "{n} 人的最近站点是它",
  source: "来源：按每户自己的步行距离逐一计算；标准 {standard}，{limit}；共 {n} 人",
  rings: "{minutes} 分钟圈：{people}", ringsTitle: "步行圈", walkFrom: "从这里走",
  walkHit: "{minutes} · {metres}", notOnStreets: "这里 {metres} 内没有可走的路", noneReachable: "从这里走不到任何站点",
  within: "在圈内", notWithin: "在圈外", loading: "正在计算……", failed: "没有取到数据：{reason}", retry: "再试一次",
  ruralCaveat: "乡村住得稀：步行 1000 米是城镇的标准，在这里意义不大，请看下面的分钟数。",
  minutesTitle: "走到最近站点要几分钟", minutesBand: "{from}–{to} 分钟", minutesOver: "{from} 分钟以上", minutesNever: "走不到",
  minutesHalf: "一半人 {half} 分钟内走到，四分之三 {most} 分钟内",
  noSites: "本区还没有站点", zoomIn: "放大", zoomOut: "缩小", creditSynthetic: "模拟数据，不是真实街道", credit: "© OpenStreetMap 贡献者，ODbL",
  gapUnit: "{unit}：{people} 人", gapNearest: "最近的是 {site}，步行 {metres}", gapCutOff: "这里走不到任何站点", nearestCutOff: "走不到站点", nearestOffNetwork: "接不上路网",
  gapOffNetwork: "这里的住处接不上路网", stationHere: "{kind}，{name}", cluster: "{n} 个站点", mapOf: "{region}地图",
  locating: "正在确定您的位置……", searching: "正在查找……", refused: "没有得到位置许可。请在下面输入小区、街道或地址，或在地图上点一下。",
  noPosition: "没能确定您的位置。请在下面输入小区、街道或地址，或在地图上点一下。",
  unreachable: "没有连上服务，请稍后再试。", youAreHere: "您在这里", suggestions: "地名", results: "{n} 个地名",
  noSuchPlace: "没有找到这个地名", routeShown: "路线已画在地图上", overlapNote: "颜色越深，可去的站越多",
  why: "为什么走不到", whatHelps: "做什么最有用", tryIt: "试算", nothingHelps: "在街道上做什么都帮不到这里，请先核对数据", moreReasons: "还有 {n} 人是别的原因",
  remedyWins: "多覆盖 {n} 人", remedyHere: "（其中这片 {n} 人）", causesFailed: "没有取到原因：{reason}", causesLoading: "正在找原因……",
  cause_none_near: "附近没有站点，直线 {limit}内一个也没有",
  cause_barrier: "被{obstacle}隔开：{site}直线 {straight}，步行要 {walk}", cause_detour: "路绕：{site}直线 {straight}，沿街走要 {walk}",
  cause_closed: "没有开门的站点：{site}步行 {walk}，但这时关门或时间未知", cause_steps: "要走台阶，没有台阶就走得到{site}",
  cause_pace: "走得慢：成人同样的时间走得到，步行 {walk}", cause_home_off_network: "数据问题：住处附近没有可走的街道",
  cause_island: "数据问题：这里的街道与有站点的路网不相连", cause_site_off_network: "数据问题：{site}的位置不在街道旁",
  nearestOne: "最近的站点", obstacle_water: "河湖", obstacle_railway: "铁路", obstacle_road: "禁止步行的道路", obstacle_compound: "封闭院落",
  obstacle_wall: "围墙", obstacle_steps: "台阶", obstacleAnd: "、",
  betweenTwo: "{a}与{b}之间", aroundOne: "{a}一带", byStreet: "{a}旁", crossing: "{a}与{b}路口",
  remedy_shop: "开驿站：{site}", remedy_new_site: "开新站：{place}", remedy_longer_hours: "{site}这时也开门",
  remedy_footbridge: "{between}架天桥或开过街通道，跨{crosses}，{length}", remedy_gate: "{between}开一道门",
  remedy_path: "{between}打通小路，{length}", remedy_ramp: "{between}修坡道，绕开台阶", remedy_place_site: "改正{site}的位置，移到街边",
};

const EN = {
  centre: "Centre", office: "Office", station: "Station", outpost: "Outpost", base: "Base", landscape: "Landscape",
  sites: "Sites", peopleUnit: "{n} people", metresUnit: "{n} m", kilometresUnit: "{n} km", minutesUnit: "{n} min",
  headline: "of residents within {minutes} minutes' walk", outside: "{n} people outside", ofPeople: "of {n} people",
  straight: "Circles drawn with a compass would claim {share}: {over} points too many",
  walkTimes: "Median walk {median}; the furthest tenth {worst} on average",
  offNetwork: "of whom {n} live where no street reaches",
  gapsHeadline: "gaps", gapsOutside: "{people} live more than {minutes} minutes away",
  noGaps: "No gaps: everybody is within reach", noUnits: "No townships here, only the total", noPeople: "No population figures",
  total: "Total", unit: "Township", population: "People", share: "Reach", gap: "Outside", twoOrMore: "2+ sites", rank: "Rank", people: "People",
  nearest: "Nearest site", covered: "Within walking reach", coveredTwice: "Reach of two or more", gapsLegend: "Gaps (residents outside)",
  gapFew: "under {n} people", gapSome: "{a}–{b} people", gapMany: "{n} people or more",
  standard: "Standard {standard}", custom: "custom", limit: "{profile} · {minutes} · {metres}",
  profileStandard: "Standard pace", profileAdult: "Adult", profileElder: "Elder", profileWheelchair: "Wheelchair",
  dated: "Data of {date}", legend: "Legend", hours: "Open", noHours: "Opening hours unknown",
  bandOutside: " ({low}–{high})", bandNote: "Small figures: with walking a tenth slower or faster, and the way from door to street half as long again or half as long",
  lostWithout: "Without it {n} people have no site within reach", lostNobody: "Without it everybody here still has another site",
  nearestTo: "It is the nearest to {n} people",
  source: "Source: counted from each home's own walk; standard {standard}, {limit}; {n} people in all",
  rings: "{minutes} min: {people}", ringsTitle: "Walking circles", walkFrom: "On foot from here",
  walkHit: "{minutes} · {metres}", notOnStreets: "No street within {metres} of here", noneReachable: "No site can be walked to from here",
  within: "within reach", notWithin: "outside", loading: "Working…", failed: "No data: {reason}", retry: "Try again",
  ruralCaveat: "Thinly settled country: 1000 m on foot is a standard for towns. Look at the minutes below.",
  minutesTitle: "Minutes on foot to the nearest site", minutesBand: "{from}–{to} min", minutesOver: "over {from} min", minutesNever: "not on foot",
  minutesHalf: "Half walk at most {half} minutes, three quarters at most {most}",
  noSites: "This region has no sites yet", zoomIn: "Zoom in", zoomOut: "Zoom out", creditSynthetic: "Simulated, not real streets", credit: "© OpenStreetMap contributors, ODbL",
  gapUnit: "{unit}: {people} people", gapNearest: "Nearest is {site}, a walk of {metres}", gapCutOff: "No site can be walked to from here", nearestCutOff: "none on foot", nearestOffNetwork: "no street reaches",
  gapOffNetwork: "No street reaches the homes here", stationHere: "{kind}, {name}", cluster: "{n} sites", mapOf: "Map of {region}",
  locating: "Finding where you are…", searching: "Looking…",
  refused: "We may not see your position. Type an estate, a street or an address below, or click on the map.",
  noPosition: "Your position could not be found. Type an estate, a street or an address below, or click on the map.",
  unreachable: "The service cannot be reached; please try again later.", youAreHere: "You are here", suggestions: "Places",
  results: "{n} places", noSuchPlace: "No such place", routeShown: "The way is drawn on the map", overlapNote: "Darker: more sites to choose from",
  why: "Why it is out of reach", whatHelps: "What would help most", tryIt: "Try it", nothingHelps: "Nothing on the streets helps here; check the data first", moreReasons: "{n} more people for other reasons",
  remedyWins: "{n} more people covered", remedyHere: " ({n} of them here)", causesFailed: "No causes: {reason}", causesLoading: "Looking for causes…",
  cause_none_near: "No site near: none within {limit} even as the crow flies",
  cause_barrier: "Cut off by {obstacle}: {site} is {straight} away, the walk is {walk}", cause_detour: "Streets wind: {site} is {straight} away, the walk is {walk}",
  cause_closed: "Not known to be open at that hour: {site}, a walk of {walk}", cause_steps: "Steps on the way; without them {site} would be within reach",
  cause_pace: "A slower walk: an adult gets there in the same minutes, {walk}", cause_home_off_network: "Data: no street near the homes that may be walked",
  cause_island: "Data: the streets here join no streets with a site", cause_site_off_network: "Data: {site} stands at no street",
  nearestOne: "the nearest site", obstacle_water: "water", obstacle_railway: "a railway", obstacle_road: "a road closed to walkers", obstacle_compound: "private land",
  obstacle_wall: "a wall", obstacle_steps: "steps", obstacleAnd: " and ",
  betweenTwo: "between {a} and {b}", aroundOne: "near {a}", byStreet: "by {a}", crossing: "where {a} and {b} meet",
  remedy_shop: "Open a partner shop: {site}", remedy_new_site: "A new site {place}", remedy_longer_hours: "Longer hours at {site}, so that it is open then",
  remedy_footbridge: "A footbridge or crossing over {crosses} {between}, {length}", remedy_gate: "A gate {between}",
  remedy_path: "A path {between}, {length}", remedy_ramp: "A ramp past the steps {between}", remedy_place_site: "Set {site} right, to its street",
};

const WORDS = { zh: ZH, en: EN };

/** Add a page's own words, so that a page carries no other page's. */
export function learn(words) {
  for (const [tongue, said] of Object.entries(words)) Object.assign(WORDS[tongue], said);
}

export function language() {
  return document.documentElement.lang.startsWith("en") ? "en" : "zh";
}

export function say(key, values = {}) {
  return WORDS[language()][key].replace(/\{(\w+)\}/g, (_, name) => values[name]);
}

const WHOLE = new Intl.NumberFormat("en-US", { maximumFractionDigits: 0 }); // made once: making one takes longer than a table

export function count(number) {
  return WHOLE.format(Math.round(number));
}

/** A sum of money or the like, in whatever it is counted. */
export function amount(number) {
  return number.toLocaleString("en-US", { maximumFractionDigits: 2 });
}

/** A difference with its sign, a true minus. */
export function signed(number, decimals = 0) {
  const text = Math.abs(number).toLocaleString("en-US", { minimumFractionDigits: decimals, maximumFractionDigits: decimals });
  return Number(text.replaceAll(",", "")) === 0 ? text : `${number > 0 ? "+" : "−"}${text}`;
}

export function people(number) {
  return say("peopleUnit", { n: count(number) });
}

export function metres(number) {
  return number < 10000
    ? say("metresUnit", { n: count(number) })
    : say("kilometresUnit", { n: (number / 1000).toFixed(1) });
}

export function minutes(seconds) {
  return say("minutesUnit", { n: count(Math.max(1, Math.ceil(seconds / 60 - 1e-6))) });
}

export function percent(share) {
  return share === null ? "–" : `${(share * 100).toFixed(1)}%`;
}

/** A day of the week with its date and time, as it is written: the region's own time. */
export function hourWords(iso) {
  const day = new Date(`${iso.slice(0, 10)}T00:00Z`).toLocaleDateString(language() === "zh" ? "zh-CN" : "en-GB", { weekday: "long", timeZone: "UTC" });
  return `${date(iso)} ${day} ${iso.slice(11, 16)}`;
}

/** A point in time, with its zone, as the reader's own clock says it. */
export function moment(iso) {
  const there = new Date(iso);
  const two = (number) => String(number).padStart(2, "0");
  return `${date(`${there.getFullYear()}-${there.getMonth() + 1}-${there.getDate()}`)} ${two(there.getHours())}:${two(there.getMinutes())}`;
}

export function date(iso) {
  const [year, month, day] = iso.slice(0, 10).split("-").map(Number);
  if (language() === "zh") return `${year}年${month}月${day}日`;
  return new Date(Date.UTC(year, month - 1, day)).toLocaleDateString("en-GB", {
    day: "numeric", month: "long", year: "numeric", timeZone: "UTC",
  });
}
