import pytest

from mkdocs_paperdigest.summaries.language import foreign_stretch, written_in

SENTENCES = {
    "en": "We present a planner that folds cloth from a single image, and it is faster than what was known before.",
    "zh": "本文提出一种从单张图像折叠布料的规划器 FoldNet，其速度优于此前的方法。",
    "ja": "本論文では、一枚の画像から布を折りたたむ計画手法を提案し、従来法より高速であることを示す。",
    "ko": "본 논문은 한 장의 이미지로 천을 접는 계획기를 제안하며 기존 방법보다 빠르다.",
    "ru": "В статье предложен планировщик, который складывает ткань по одному изображению быстрее прежних методов.",
    "de": "Wir stellen ein Verfahren vor, das Stoff mit einem Bild faltet und das schneller ist als die bisherigen Verfahren, die auf dem Markt sind.",
    "fr": "Nous présentons une méthode qui plie le tissu à partir d'une seule image et qui est plus rapide que les autres pour les robots.",
    "es": "Presentamos un método que dobla la tela a partir de una sola imagen y que es más rápido que los otros para el robot.",
}


@pytest.mark.parametrize("language", SENTENCES)
def test_a_language_is_distinguished_from_all_others(language: str) -> None:
    taken = {code for code, text in SENTENCES.items() if written_in(text, language)}
    assert taken == {language}


def test_technical_terms_in_latin_letters_do_not_count() -> None:
    assert written_in("使用 PyTorch 在 KITTI、Waymo 和 nuScenes 上训练 BEVFormer。", "zh")


@pytest.mark.parametrize("language", ["zh", "de", "sw"])
def test_a_few_names_are_in_any_language(language: str) -> None:
    assert written_in("FoldNet, KITTI", language)


def test_regions_and_case_do_not_matter() -> None:
    assert written_in(SENTENCES["zh"], "zh-CN")
    assert written_in(SENTENCES["de"], "DE_at")


def test_an_unknown_language_is_judged_by_its_script_only() -> None:
    assert written_in(SENTENCES["en"], "sw")
    assert not written_in(SENTENCES["zh"], "sw")


def test_english_prose_inside_chinese_is_a_foreign_stretch() -> None:
    mixed = SENTENCES["zh"] + SENTENCES["en"]
    assert foreign_stretch(mixed, "zh")
    assert not foreign_stretch(SENTENCES["zh"], "zh")
    assert not foreign_stretch(
        "作者来自 Department of Computer Science, University of Toronto, Canada。", "zh"
    )
    assert not foreign_stretch(SENTENCES["en"], "en")


def test_traditional_and_simplified_chinese_are_two_languages() -> None:
    simple = "该方法从单张图像预测折痕，并规划机器人的动作。"
    full = "該方法從單張圖像預測摺痕，並規劃機器人的動作。"
    for language in ("zh", "zh-CN", "zh-Hans", "zh_SG"):
        assert written_in(simple, language)
        assert not written_in(full, language)
    for language in ("zh-TW", "zh-HK", "zh-Hant"):
        assert written_in(full, language)
        assert not written_in(simple, language)
    # What both write the same way is in both.
    assert written_in("一九二八年三月在北方山中工作", "zh-TW")
    # A name in the other characters is not a change of language.
    assert written_in(simple + "参见臺北。", "zh")
