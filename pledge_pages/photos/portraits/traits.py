"""Chooses how a drawn person looks, by a seed alone."""

import random
from dataclasses import dataclass

from .canvas import Colour, mix, rgb

SKINS = ["#f7dcc4", "#f4d3b5", "#f0c8a5", "#eabd96", "#e3b189", "#dba67c", "#cf976c"]
HAIR_DARK = ["#221f20", "#2b2726", "#33291f", "#3d3028", "#2a2a30"]
HAIR_GREY = ["#5d5a59", "#77736f", "#918d88"]
HAIR_WHITE = ["#b9b5af", "#d6d2cb", "#e6e2dc"]

# Hair that frames the face, and hair that is cut close or gone.
LONGER = ["bob_fringe", "bob_side", "bun", "tied_back", "perm", "pixie", "long", "waves"]
SHORT = ["side_part", "crew", "receding", "combed_back", "bald_sides", "bald", "cap", "straw_hat"]
SHORT_WEIGHTS = [5, 4, 3, 4, 2, 1, 2, 1]
GREYING = ["receding", "bald_sides", "perm", "bun", "combed_back", "pixie"]


@dataclass(frozen=True)
class Traits:
    """Everything the drawing depends on. Lengths are in units of a 960 x 1200 picture."""

    seed: str
    skin: Colour
    hair: Colour
    style: str
    lines: float  # how much life has drawn into the face, 0 to 1
    width: float  # half the width of the face
    jaw: float  # width of the jaw, as a share of the face
    chin: float
    length: float
    eye: str
    eye_gap: float
    eye_open: float
    brow: float  # thickness
    brow_arch: float
    nose: float
    mouth: str
    mouth_width: float
    smile: float
    glasses: str
    beard: str
    earrings: bool
    clothes: str
    cloth: Colour
    shirt: Colour
    backdrop: str
    tone: int

    @property
    def longer_hair(self) -> bool:
        """Whether the hair frames the face."""
        return self.style in LONGER

    @property
    def shade(self) -> Colour:
        """The colour of lines and shadows on the skin."""
        return mix(self.skin, (120, 52, 40), 0.42)

    def dice(self, what: str) -> random.Random:
        """Return a source of chance for one part of the drawing, always the same for the seed."""
        return random.Random(f"{self.seed}/{what}")  # noqa: S311 - a drawing, not a secret


CLOTHS = [
    "#3f5b73", "#54708a", "#2f4858", "#6b7f5e", "#4f6b55", "#7a4f4b", "#9a6a4f", "#8a7a5c",
    "#5b5a72", "#704f66", "#3d4a4a", "#a4563f", "#b08a4a", "#466a7a", "#7d8a94", "#5f6f4a",
]  # fmt: skip
SHIRTS = ["#f4efe6", "#e9eef2", "#dfe8e2", "#f2e3d5", "#cfdbe6", "#e6d9c3", "#d9cfd6", "#c9d6c6"]


def traits_for(seed: str) -> Traits:
    """Return the looks that belong to ``seed``."""
    dice = random.Random(f"portrait/{seed}")  # noqa: S311
    lines = min(1.0, max(0.0, dice.gauss(0.48, 0.27)))
    longer = dice.random() < 0.45
    style = dice.choice(LONGER) if longer else dice.choices(SHORT, SHORT_WEIGHTS)[0]
    if lines > 0.75 and style in ("long", "bob_fringe", "waves", "crew"):
        style = dice.choice(["perm", "bun", "pixie"] if longer else ["receding", "bald_sides"])
    if lines < 0.36 and style in ("receding", "bald_sides", "perm", "bald"):
        style = dice.choice(["bob_side", "tied_back", "long"] if longer else ["side_part", "crew"])
    return Traits(
        seed=seed,
        skin=mix(rgb(dice.choice(SKINS)), rgb(dice.choice(SKINS)), dice.random() * 0.6),
        hair=_hair(dice, lines, style),
        style=style,
        lines=lines,
        width=dice.uniform(146, 176) - (6 if longer else 0),
        jaw=dice.uniform(0.70, 0.80) if longer else dice.uniform(0.74, 0.90),
        chin=dice.uniform(0.34, 0.44) if longer else dice.uniform(0.38, 0.56),
        length=dice.uniform(0.93, 1.07),
        eye=dice.choices(["almond", "round", "smiling", "hooded"], [5, 3, 2, 2 + 3 * lines])[0],
        eye_gap=dice.uniform(0.40, 0.46),
        eye_open=dice.uniform(0.92, 1.12) - 0.1 * lines,
        brow=dice.uniform(8, 12) if longer else dice.uniform(11, 19),
        brow_arch=dice.uniform(4, 14),
        nose=dice.uniform(0.8, 1.25),
        mouth=dice.choices(["closed", "lips", "open"], [5, 4, 3])[0],
        mouth_width=dice.uniform(46, 66),
        smile=dice.uniform(7, 20),
        glasses=_glasses(dice, lines),
        beard=_beard(dice, longer, lines),
        earrings=longer and dice.random() < 0.3,
        clothes=dice.choice(
            ["shirt", "jacket", "knit", "vest", "cardigan", "polo", "padded", "plaid", "zip"]
        ),
        cloth=rgb(dice.choice(CLOTHS)),
        shirt=rgb(dice.choice(SHIRTS)),
        backdrop=dice.choice(["plain", "hills", "terraces", "sun", "wall", "bamboo", "river"]),
        tone=dice.randrange(1000),
    )


def _hair(dice: random.Random, lines: float, style: str) -> Colour:
    grey = lines + (0.12 if style in GREYING else 0) + dice.uniform(-0.2, 0.2)
    palette = HAIR_DARK if grey < 0.62 else HAIR_GREY if grey < 0.86 else HAIR_WHITE
    return rgb(dice.choice(palette))


def _glasses(dice: random.Random, lines: float) -> str:
    if dice.random() > 0.2 + 0.22 * lines:
        return ""
    return dice.choice(["round", "square", "half"])


def _beard(dice: random.Random, longer: bool, lines: float) -> str:
    if longer or dice.random() > 0.24:
        return ""
    return dice.choice(["stubble", "moustache"] if lines < 0.7 else ["moustache", "goatee"])
