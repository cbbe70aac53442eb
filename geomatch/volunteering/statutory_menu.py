"""The service menu that every region starts with: what residents order, in the eight statutory categories.

A table and nothing else: a district adds its own rows to it, and never changes these.
"""

from __future__ import annotations

from geomatch.volunteering.categories import Category
from geomatch.volunteering.menu import Service

_C = Category


def _row(code: str, category: Category, names: str, words: str, skills: str = "", certified: str = "") -> Service:  # noqa: PLR0917 - a table
    name, name_en = names.split("|")
    return Service(
        code, category.value, name, name_en, tuple(words.split()), tuple(skills.split()), tuple(certified.split())
    )


MENU = (
    _row(
        "policy-talk", _C.THEORY, "政策理论宣讲|Policy talk",
        "宣讲 政策 讲座 理论 讲一讲 讲课 新政策 医保政策 养老政策 精神 学习会 二十大 文件", "宣讲",
    ),
    _row(
        "history-talk", _C.THEORY, "红色故事讲解|Telling of local history",
        "党史 红色 革命 历史 老故事 故事会 讲故事 抗战 烈士 党课 参观讲解", "党史讲解",
    ),
    _row("choir", _C.ARTS, "合唱与歌咏|Singing together", "合唱 唱歌 歌咏 练歌 红歌 歌 唱戏 京剧 戏曲", "合唱"),
    _row("dance", _C.ARTS, "舞蹈排练|Dancing", "舞蹈 跳舞 广场舞 排舞 舞 排练", "舞蹈"),
    _row(
        "calligraphy", _C.ARTS, "书法与春联|Calligraphy",
        "书法 毛笔 毛笔字 写字 春联 对联 福字 国画 画画 剪纸 练字", "书法",
    ),
    _row(
        "show", _C.ARTS, "文艺演出|A show",
        "演出 节目 表演 联欢 晚会 慰问演出 电影 放电影 相声 小品 乐队 摄影 拍照 照相 全家福",
    ),
    _row(
        "homework", _C.SCHOOLING, "课后作业辅导|Help with homework",
        "作业 功课 辅导 补课 课后 放学 四点半 写作业 学习跟不上 语文 作文 小学 托管", "作业辅导",
    ),
    _row("english", _C.SCHOOLING, "英语辅导|English lessons", "英语 英文 外语 口语 单词 背单词 翻译", "英语"),
    _row("maths", _C.SCHOOLING, "数学辅导|Maths lessons", "数学 算术 奥数 应用题 几何 物理 理科", "数学"),
    _row(
        "reading", _C.SCHOOLING, "亲子阅读与伴读|Reading with children",
        "绘本 亲子 阅读 伴读 讲绘本 图书 借书 看书 读书会 孩子读书", "作业辅导",
    ),
    _row(
        "sorting", _C.ENVIRONMENT, "垃圾分类指导|Sorting of waste",
        "垃圾分类 垃圾 分类 厨余 可回收 桶站 值守 废品 旧衣服 旧衣 回收", "垃圾分类",
    ),
    _row(
        "green", _C.ENVIRONMENT, "绿化与护绿|Greening",
        "绿化 种树 植树 种花 花 浇花 浇水 除草 花草 树枝 修剪 护绿 草坪", "绿化",
    ),
    _row(
        "cleaning", _C.ENVIRONMENT, "公共环境清洁|Cleaning up",
        "打扫 卫生 清理 楼道 扫雪 铲雪 铲冰 小广告 捡垃圾 清洁 堆物 杂物 河道 共享单车 擦玻璃 大扫除",
    ),
    _row(
        "first-aid", _C.HEALTH, "急救培训与保障|First aid",
        "急救 心肺复苏 AED 救护 海姆立克 包扎 晕倒 急救培训 现场保障", "急救", "急救",
    ),
    _row(
        "nursing", _C.HEALTH, "上门护理|Care at home",
        "护理 换药 打针 褥疮 压疮 翻身 鼻饲 卧床 瘫痪 导尿 失能 擦身 洗澡 助浴 喂药", "护理", "护理",
    ),
    _row(
        "check-up", _C.HEALTH, "量血压与健康义诊|Health check",
        "血压 血糖 义诊 体检 量血压 测血糖 健康咨询 看病咨询 医生 中医 把脉 用药", "护理", "护理",
    ),
    _row(
        "exercise", _C.HEALTH, "健身指导|Exercise",
        "健身 太极 太极拳 八段锦 锻炼 体操 运动 跑步 乒乓球 瑜伽 康复训练 健步走", "健身指导",
    ),
    _row(
        "hospital", _C.HEALTH, "陪诊就医|To the doctor and back",
        "陪诊 就医 医院 看病 挂号 取药 拿药 复查 化验 做检查 陪着去医院 轮椅", "陪伴老人",
    ),
    _row(
        "mind", _C.HEALTH, "心理疏导|Somebody to talk to",
        "心理 心情 情绪 抑郁 焦虑 失眠 睡不着 想不开 疏导 压力 难受",
    ),
    _row(
        "phone", _C.SCIENCE, "智能手机教学|Help with a smartphone",
        "手机 智能手机 微信 视频通话 健康码 扫码 支付 网上挂号 打车软件 app 平板 wifi 上网 照片 存不下 内存 诈骗短信",
        "手机使用",
    ),
    _row(
        "computer", _C.SCIENCE, "电脑使用指导|Help with a computer",
        "电脑 电脑课 打字 打印机 表格 文档 word excel 软件 系统 编程", "手机使用",
    ),
    _row(
        "repair", _C.SCIENCE, "家电与小件维修|Small repairs",
        "维修 修理 家电 电器 电视 冰箱 洗衣机 空调 灯 灯泡 换灯 水管 漏水 水龙头 马桶 下水道 堵 门锁 锁 插座"
        " 跳闸 修 坏了 磨刀 磨剪子 自行车 雨伞 拉链", "家电维修",
    ),
    _row(
        "science-talk", _C.SCIENCE, "科普讲解|Science made plain",
        "科普 科学 实验 天文 星星 机器人 人工智能 航天 防灾 地震 消防 火灾 灭火器 防火 安全知识", "科普讲解",
    ),
    _row(
        "company", _C.NEEDY, "陪伴探访|Company for the old",
        "陪伴 陪 聊天 说说话 独居 孤寡 探望 看望 解闷 读报 念报 下棋 散步 遛弯 老人 空巢 闷得慌 做伴", "陪伴老人",
    ),
    _row(
        "errand", _C.NEEDY, "代买代办|Errands",
        "代买 代办 买菜 买药 跑腿 取快递 快递 寄 缴费 交电费 水费 电费 燃气 米 面 油 超市 捎 代取 办手续 拿东西",
        "代买代办",
    ),
    _row(
        "meal", _C.NEEDY, "送餐助餐|Meals brought home",
        "送餐 助餐 吃饭 做饭 午饭 晚饭 饭 老年餐 食堂 打饭 饺子 包饺子", "助餐",
    ),
    _row(
        "haircut", _C.NEEDY, "上门理发|Haircuts at home",
        "理发 剪头 剪头发 头发 剃头 推头 刮脸 胡子 剪指甲 修脚",
    ),
    _row(
        "household", _C.NEEDY, "家务帮扶|Help in the house",
        "家务 收拾屋子 收拾 洗衣服 洗被子 换被罩 整理 搬 搬家 搬东西 抬 重物 搬柜子 贴窗花 窗帘 晒被子", "代买代办",
    ),
    _row(
        "disabled", _C.NEEDY, "残障人士出行陪同|Out and about with a disability",
        "残疾 残障 盲人 视障 聋哑 手语 听障 推轮椅 出门 下楼 上楼 抬下楼 导盲 拄拐", "陪伴老人",
    ),
    _row(
        "childcare", _C.NEEDY, "困境儿童关爱|Looking after children",
        "带孩子 看孩子 接孩子 留守 困境儿童 单亲 孤儿 接送 幼儿园 照看 宝宝", "陪伴老人",
    ),
    _row(
        "donation", _C.NEEDY, "爱心捐助|Gifts for those in need",
        "捐 捐赠 捐助 募捐 困难家庭 低保 衣物 物资 贫困 慰问品 助学金",
    ),
    _row(
        "legal", _C.LAW, "法律咨询|Legal advice",
        "法律 律师 打官司 官司 合同 遗嘱 继承 遗产 离婚 欠薪 工资 劳动仲裁 起诉 赔偿 公证 房产 租房 押金 维权"
        " 借条 欠钱",
        "法律咨询", "法律咨询",
    ),
    _row(
        "mediation", _C.LAW, "邻里纠纷调解|Mediation",
        "调解 纠纷 邻居 邻里 吵架 噪音 吵 漏到楼下 打架 矛盾 扰民 占道 停车 车位 婆媳 评理 狗叫", "调解",
    ),
    _row(
        "fraud", _C.LAW, "防骗与普法|Fraud and the law explained",
        "普法 防骗 诈骗 电信诈骗 骗 被骗 反诈 民法典 保健品 宪法 禁毒 骗子", "法律咨询",
    ),
)  # fmt: skip
"""Every service with the words in which residents ask for it."""
