"""Prose of reports that are made up: sentences of our own, others for every agency, some carried from year to year."""

import random
from collections.abc import Mapping
from typing import NamedTuple

PARTS = (
    "overview",
    "proactive",
    "requests",
    "fees",
    "review",
    "problems",
    "other",
)
LENGTHS = {"overview": 9, "proactive": 14, "requests": 7, "fees": 2, "review": 3, "problems": 11, "other": 3}
"""Sentences of each part in a report of common length."""

# The words that a slot of a frame is filled with.
_WORDS = {
    "topic": (
        "义务教育招生",
        "老旧小区改造",
        "医疗救助",
        "秸秆禁烧",
        "饮用水源保护",
        "安全生产",
        "农村低保",
        "保障性住房",
        "土地征收",
        "道路养护",
        "就业补贴",
        "食品抽检",
        "校园安全",
        "防汛抗旱",
        "财政预算",
        "产业扶持",
        "环境监测",
        "文物修缮",
        "公交线路调整",
        "河道治理",
        "养老服务",
        "疫苗接种",
        "残疾人补贴",
        "粮食收购",
        "森林防火",
        "农机补贴",
        "电梯监管",
        "供热价格",
        "停车管理",
        "人才引进",
    ),
    "unit": (
        "办公室",
        "各科室",
        "政策法规科",
        "政务服务中心",
        "各街道",
        "各乡镇",
        "信息中心",
        "下属单位",
        "档案馆",
        "承办科室",
        "督查室",
        "宣传部门",
    ),
    "means": (
        "门户网站",
        "政务新媒体",
        "公示栏",
        "便民手册",
        "村务公开栏",
        "电子显示屏",
        "新闻发布会",
        "咨询热线",
        "查阅点",
        "政府公报",
        "短视频",
        "广播",
    ),
    "act": (
        "梳理",
        "核对",
        "更新",
        "补录",
        "归并",
        "抽查",
        "解读",
        "发布",
        "复核",
        "公示",
        "回应",
        "通报",
    ),
    "when": (
        "年初",
        "一季度",
        "上半年",
        "汛期前",
        "七月",
        "下半年",
        "国庆节后",
        "第四季度",
        "年底",
        "全年",
    ),
    "fault": (
        "更新不够及时",
        "解读形式单一",
        "目录划分过粗",
        "数据口径不一",
        "查找不够方便",
        "答复用语生硬",
        "人员变动频繁",
        "审查环节拖延",
        "附件无法打开",
        "历史信息缺漏",
        "互动回应偏慢",
        "基层经验不足",
    ),
    "cure": (
        "每月对账",
        "专人负责",
        "集中培训",
        "修订目录",
        "邀请群众评议",
        "与绩效考核挂钩",
        "统一答复文书",
        "增设检索入口",
        "建立台账",
        "交叉检查",
        "提前审查",
        "定期回访",
    ),
}
_FRAMES = {
    "overview": (
        "{when}，{place}{unit}围绕{topic}和{topic}，通过{means}{act}政府信息{n}条。",
        "{place}把{topic}列入公开要点，由{unit}牵头，{unit}配合，{when}完成{act}工作。",
        "本机关{when}召开政府信息公开工作会议{k}次，研究{topic}的公开范围，要求{unit}及时{act}。",
        "围绕{topic}，{unit}经由{means}和{means}向群众说明办理条件、程序和结果。",
        "{when}对{place}涉及{topic}的文件重新{act}，不宜公开的写明理由，能够公开的不作保留。",
        "{unit}指定{k}名工作人员负责{means}的维护，离岗之前须把{topic}方面的材料移交清楚。",
    ),
    "proactive": (
        "{when}在{means}{act}有关{topic}的信息{n}条，在{means}{act}{k}条。",
        "凡与{topic}有关的决定，{unit}先听取意见，再经{means}{act}，群众可以留言提问。",
        "{place}{act}规范性文件{k}件，{topic}类文件附有问答，由{unit}撰写。",
        "{means}新设{topic}专栏，{unit}{when}逐条{act}，失效内容另行标注。",
        "为方便老年人了解{topic}，{unit}把要点印成{means}，送到{place}的社区和村组。",
        "政策出台以后，{unit}以{means}说明{topic}的申请材料、受理地点和期限，共{act}{k}次。",
        "{topic}和{topic}的信息按月{act}，{unit}在次月上旬把清单报送存档。",
        "{means}的检索功能{when}作了改进，按{topic}、文号和日期都能找到文件。",
    ),
    "requests": (
        "{place}受理窗口和{means}均可提交申请，{unit}当日登记，需要补正的一次告知。",
        "申请内容集中在{topic}和{topic}，{unit}答复前同{unit}会商，疑难的请法律顾问审看。",
        "对涉及{topic}的申请，{unit}耐心说明法律依据，能够当场提供的当场提供。",
        "{when}{act}答复文书，统一{topic}类申请的格式，并由{unit}按季{act}。",
    ),
    "fees": (
        "{when}没有向申请人收取检索、复制、邮寄等费用，{unit}已将标准在{means}公布。",
        "减免规定由{unit}解释，{place}的申请人可在{means}查询。",
    ),
    "review": (
        "对因{topic}引起的行政复议，{unit}{when}逐件{act}，把改正的要求落实到经办人。",
        "{unit}同法制机构一起研究复议和诉讼中反映的问题，{when}对{topic}类答复作了{act}。",
        "涉诉材料由{unit}归档，负责人出庭前同{unit}会商，庭后在{place}范围内{act}。",
    ),
    "problems": (
        "一些单位在{topic}方面{fault}，群众在{means}上提出的意见没有全部采纳。",
        "{place}的{unit}反映{fault}，主要原因是{topic}涉及部门多，职责划分不清。",
        "针对{fault}，下一步由{unit}{cure}，{when}向{unit}报告结果。",
        "今后将以{topic}为重点，{cure}，力求在{means}上看得懂、找得到。",
        "{unit}对{means}{act}后发现{fault}，已要求{when}以前改正，并{cure}。",
        "我们将{cure}，把{topic}与{topic}的公开情况一并纳入{unit}的年度评议。",
    ),
    "other": (
        "{when}收到关于{topic}的建议提案{k}件，{unit}办理后在{means}公布了答复。",
        "{place}参加了上级组织的培训，{unit}{k}人次到会，内容包括{topic}。",
        "没有其他需要报告的事项，{topic}的资料可到{unit}查阅。",
    ),
}
KEPT = 0.55
"""Share of the sentences that the report of the next year takes over, with other counts."""


class _Sentence(NamedTuple):
    part: str
    frame: int
    choice: int

    def write(self, place: str, counts: random.Random) -> str:
        return self.fill().format(place=place, n=counts.randint(12, 2400), k=counts.randint(2, 60))

    def fill(self) -> str:
        """Put its words into the frame; the slots of the place and of the counts stay open."""
        choice = random.Random(self.choice)
        text = _FRAMES[self.part][self.frame]
        for slot, words in _WORDS.items():
            for _ in range(text.count(f"{{{slot}}}")):
                text = text.replace(f"{{{slot}}}", choice.choice(words), 1)
        return text


def open_sentences(part: str, number: int, seed: str) -> list[str]:
    """Make sentences of a part of a report in which the slots {place}, {n} and {k} are still open."""
    rng = random.Random(seed)
    return [_Sentence(part, rng.randrange(len(_FRAMES[part])), rng.getrandbits(32)).fill() for _ in range(number)]


class Prose:
    """The prose of one agency, which grows old with its reports: `write` gives that of one year."""

    def __init__(self, place: str, seed: str, length: float) -> None:
        self._place = place
        self._rng = random.Random(seed)
        self._sentences = {
            part: [self._new(part) for _ in range(max(1, round(LENGTHS[part] * length)))] for part in PARTS
        }

    def write(self) -> Mapping[str, list[str]]:
        """Return the paragraphs of each part of the next year's report."""
        for part, sentences in self._sentences.items():
            self._sentences[part] = [s if self._rng.random() < KEPT else self._new(part) for s in sentences]
        return {part: self._paragraphs(sentences) for part, sentences in self._sentences.items()}

    def _new(self, part: str) -> _Sentence:
        return _Sentence(part, self._rng.randrange(len(_FRAMES[part])), self._rng.getrandbits(32))

    def _paragraphs(self, sentences: list[_Sentence]) -> list[str]:
        texts = [sentence.write(self._place, self._rng) for sentence in sentences]
        return ["".join(texts[start : start + 3]) for start in range(0, len(texts), 3)]
