"""Plausible names for streets, estates and villages, made from a few dozen words."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import numpy as np

FIRST = (
    "安宝北昌成春翠德东丰福高观广桂海和恒红华怀惠嘉建金锦静景康兰乐丽林龙茂"
    "明南宁平秋仁荣瑞润善盛石双松泰天同万文西祥新兴秀雅永玉育裕远云长志中紫"
)
SECOND = (
    "安宝昌春德峰福岗阁桂和华惠吉家景康兰乐里林岭龙楼民宁平坡桥清泉"
    "荣润山善盛寿顺松台堂田庭旺文溪祥馨轩雅阳义英营玉园源苑远云泽庄"
)
STREET_ENDS = {
    "primary": ("大街", "大街", "路"),
    "secondary": ("路", "路", "大街"),
    "tertiary": ("路", "街", "东路", "西路", "南路", "北街"),
    "residential": ("街", "胡同", "巷", "路", "一街", "二街", "东里", "南街"),
    "unclassified": ("村路", "路", "街"),
    "living_street": ("巷", "胡同"),
}
ESTATE_ENDS = ("小区", "家园", "园", "苑", "里", "东里", "西里", "南里", "北里", "花园", "嘉园", "公寓", "大院", "新村")
VILLAGE_ENDS = ("庄", "营", "屯", "村", "坨", "河村", "峪", "店")


def stem(rng: np.random.Generator) -> str:
    """Give two characters that sound like a place."""
    return str(rng.choice(list(FIRST))) + str(rng.choice(list(SECOND)))


def street(rng: np.random.Generator, highway: str) -> str:
    """Name a street of a class."""
    return stem(rng) + str(rng.choice(STREET_ENDS[highway]))


def estate(rng: np.random.Generator) -> str:
    """Name a residential estate."""
    return stem(rng) + str(rng.choice(ESTATE_ENDS))


def village(rng: np.random.Generator) -> str:
    """Name a village."""
    return stem(rng) + str(rng.choice(VILLAGE_ENDS))
