"""Warns when a free text seems to name a child or a family, or to tell somebody's health. It never blocks.

Pure. Ronde holds no child's or family's identity and no health data (counts such as "3 enfants avec PAI" are
fine), and an absence has a countable type, never a motive (CNIL, délibération n° 2019-160). A detector that
cries wolf is switched off in the reader's head, so each rule asks for a person beside the word: "protocole
allergies" says nothing of anybody, "cet enfant est allergique" does.
"""

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass

from stdnum.fr import nir

ADVICE = {
    "nir": "Retirez ce numéro de sécurité sociale : Ronde n’en conserve aucun.",
    "contact": "Retirez les coordonnées de la famille : elles restent dans le dossier tenu par l’établissement.",
    "identity": "Retirez le nom de l’enfant ou de la famille : écrivez « un enfant », « une famille ».",
    "birth": "Retirez la date de naissance : une tranche d’âge suffit.",
    "health": "Retirez l’information de santé : un nombre suffit (« 3 enfants avec PAI »).",
    "absence": "Retirez le motif de l’absence : son type et ses dates suffisent à organiser le service.",
}


@dataclass(frozen=True)
class Concern:
    """One passage to look at again: `text[start:end] == excerpt`. `kind` is a key of `ADVICE`."""

    kind: str
    excerpt: str
    start: int
    end: int
    advice: str


# Frequent among children born since 2015 (Insee, fichier des prénoms), without those that are also common words.
_FIRST_NAMES = (
    "Aaron|Adam|Adele|Agathe|Aicha|Alice|Alicia|Alma|Amine|Amir|Anas|Andrea|Anna|Arthur|Assia|Augustin|Aya|Ayden|"
    "Axel|Basile|Camille|Capucine|Charlie|Charlotte|Chloe|Clara|Clement|Eden|Eliott?|Elena|Elise|Ella|Emma|Emy|"
    "Enzo|Ethan|Eva|Fatima|Fatou|Gabin|Gabriel|Giulia|Hugo|Ibrahim|Imran|Ines|Inaya|Isaac|Ismael|Iris|Jade|"
    "Jeanne|Jules|Julia|Juliette|Kais|Kylian|Leana|Lea|Leo|Leon|Leonie|Liam|Lina|Lola|Lou|Louane|Louise|Louis|"
    "Lucas|Lucie|Luna|Lya|Lyam|Mael|Maelys|Malo|Malik|Mamadou|Manon|Margaux|Marius|Marceau|Martin|Mathis|Maya|"
    "Mila|Milo|Mohamed|Mya|Naim|Nathan|Nina|Nino|Noah|Noam|Noe|Nour|Olivia|Oscar|Owen|Raphael|Rayan|Robin|"
    "Romane|Romy|Sacha|Safia|Samuel|Sarah|Simon|Sofia|Soline|Tao|Theo|Tiago|Timeo|Tom|Valentin|Valentine|Victor|"
    "Yanis|Youssef|Zoe"
)
_NOT_NAMES = (  # sections, places, heroes and bodies that follow "enfant", "petit" or "famille" with a capital
    r"(?!(?:Bebes?|Petite?s?|Moyen(?:ne)?s?|Grande?s?|Prince|Poucet|Sirene|Ourse|Chaperon|Enfance|Section|Age|Creche|"
    r"Caf|Paris|Relais|Accueil|Service|Pole|PMI|PAI|MDPH|CAMSP|CMPP|RSAI|EAJE|EJE|ASE|CASPE|PSU|RAM|RPE|LAEP|"
    r"ATSEM|MAC|ULIS|AESH|SESSAD|IME|ATEPE|DFPE|CAF|[A-Z]{1,3})\b)"
)
_NAME = rf"{_NOT_NAMES}(?:[A-Z][a-z]+|[A-Z]{{4,}})(?:-[A-Z][a-z]+)?"
_FIRST = rf"\b(?:{_FIRST_NAMES})\b"

_CHILD_WORD = r"(?i:enfants?|bebes?|fillettes?|garcons?|jum(?:eaux?|elles?)|fils|nourrissons?)"
_KIN = r"(?i:maman|papa|mere|pere|grand-mere|grand-pere|nounou|tata|tante|oncle|(?:grand[e ]*)?(?:frere|soeur))"
_FAMILY = rf"(?:{_KIN}|(?i:parents?|famille))"  # "les familles" are everybody

_STATE = (
    r"(?i:allergiques?|asthmatique|autistes?|trisomique|epileptique|diabetique|handicapee?|malade|souffrante?|"
    r"fievreux|fievreuse|contagieu(?:x|se)|depressi(?:f|ve)|depressifs|hospitalisee?|operee?|diagnostiquee?|"
    r"seropositi(?:f|ve)|hyperacti(?:f|ve)|drepanocytaire|souffre|atteinte? d|porteu(?:r|se) d|"
    r"sous (?:traitement|ventoline|antibiotiques?|antidepresseurs?)|suit un traitement)"
)
_CONDITION = (
    r"(?i:allergies?|diagnostic|traitement|medicaments?|asthme|autisme|tsa|trisomie|epilepsie|convulsions?|eczema|"
    r"bronchiolite|varicelle|gale|gastro|diabete|fievre|cancer|leucemie|mucoviscidose|drepanocytose|depression|"
    r"ordonnance|hospitalisation|ventoline|antibiotiques?|troubles? (?:autistiques?|du|de la|envahissants?)|"
    r"retard (?:de developpement|psychomoteur|de langage)|pai|handicap|maladie)"
)
_MOTIVE = (
    r"(?i:(?:en |pour |cause |raison |conge |arret |longue |suite a |suite a une |pour une )+(?:de )?(?:sa |une )?"
    r"(?:maladie|maternite|grossesse|depression|burn-?out|cancer|operation|hospitalisation|cure|clm|cld)|"
    r"conge pathologique|(?:est|etait|tombee|actuellement|etant)\s+enceinte|sa grossesse|enfant malade|"
    r"mi-temps therapeutique|accident du travail|conge maternite|burn-?out)"
)
_JOB = (
    r"(?:directrice|directeur|responsable|adjointe?|auxiliaire|agente?|eje|educatrice|educateur|puericultrice|"
    r"infirmiere?|cuisiniere?|collegue|professionnelle?|psychologue|apprentie?|stagiaire|titulaire|atepe)\b"
)
_ADULT = (
    rf"(?:\b(?:Mme|M\.|Mlle|Madame|Monsieur)\s+[A-Z]|{_FIRST}|"
    rf"(?i:\b(?:la|le|une?|son|sa|notre|cette|cet|ce|chaque|l')\s*{_JOB})|\b(?i:elle|il) (?:est|etait|a|suit)\b|"
    r"(?i:\babsente?\b(?! (?:de|du|des)\b)))"
)
# "l'enfant" alone is every child of the charte; a demonstrative, a kinship or a name points to one.
_ONE_CHILD = (
    rf"(?:\b(?i:cet|cette|ce) (?:(?i:petite? ))?{_CHILD_WORD}|\b(?i:son|sa|leur|mon|ma|votre) (?i:fils|fille|bebe)|"
    rf"\b(?i:ce petit|cette petite|le petit garcon|la petite fille|une fillette)\b|"
    rf"\b{_CHILD_WORD} {_NAME}|\b(?:le petit|la petite|petit|petite) {_NAME})"
)
_SAYS = r"(?i:\b(?:a|est|etait|fait|faisait|presente|prend|suit|souffre|avait|aurait|serait|qui|avec)\b)"
_NEAR = r"[^;:]{0,60}?"

_RULES = [
    (kind, re.compile(pattern))
    for kind, pattern in [
        ("identity", rf"\b{_CHILD_WORD} {_NAME}"),
        ("identity", rf"\b(?i:le|la|du|au|ce|cette) petite? {_NAME}"),
        ("identity", rf"\b{_KIN} (?:de |d'){_NAME}"),
        ("identity", rf"\b(?i:parents?|familles?|fratrie) (?:de |d')(?:la petite |l'enfant )?{_FIRST}"),
        ("identity", rf"\b(?i:la|cette|les) familles? {_NAME}"),
        ("identity", rf"\b(?i:M\.|Mme|Madame|Monsieur|(?:M\. et Mme)) {_NAME},? (?:la |le )?{_KIN}\b"),
        ("identity", rf"{_FIRST}(?: [A-Z]\.?)?,? \(?(?:age(?:e)? de )?\d{{1,2}} (?:ans?|mois)\b(?! d[e'])"),
        ("identity", rf"{_FIRST},? (?:est )?(?:un |une |l'|cet |cette )?{_CHILD_WORD}\b"),
        ("identity", rf"(?i:\bprenommee?s?|\bnommee?s?) {_NAME}"),
        ("birth", r"(?i:\bnee? le) \d{1,2}(?:er)?[ /.-](?:\d{1,2}|[a-z]+)[ /.-]\d{2,4}"),
        ("health", rf"{_ONE_CHILD}{_NEAR}\b(?:{_STATE}|{_CONDITION})"),
        ("health", rf"\b(?:{_STATE}|{_CONDITION}) (?:de |chez |pour ){_ONE_CHILD}"),
        (
            "health",
            rf"\b(?i:une?|1) (?i:enfant|bebe|petite? fille|petit garcon)\b[^;:,]{{0,25}}?\b(?!(?i:porteu)){_STATE}",
        ),
        (
            "health",
            rf"\b(?i:l'enfant|le bebe|le petit|la petite) (?:qui )?{_SAYS} "
            rf"[^;:,]{{0,20}}?\b(?i:allergique|asthmatique|autiste|epileptique|"
            r"diabetique|hospitalisee?|operee?|malade|fievre|convulsions?|varicelle|bronchiolite|eczema)",
        ),
        ("health", rf"{_FIRST}[^;:,]{{0,20}}? {_SAYS} [^;:,]{{0,20}}?\b(?:{_STATE}|{_CONDITION})"),
        (
            "health",
            rf"\b(?:{_KIN}|(?:Mme|M\.|Madame|Monsieur) [A-Z][a-z]+) (?i:est|etait|souffre)\b[^;:,]{{0,20}}?{_STATE}",
        ),
        (
            "health",
            rf"\b(?:{_KIN}|(?:Mme|M\.|Madame|Monsieur) [A-Z][a-z]+|(?i:(?:notre|la|le|une?) {_JOB}|l'{_JOB}))"
            r" (?i:a|fait|souffre|avait) [^;:,]{0,12}?\b(?i:cancer|depression|diabete|epilepsie|leucemie|hernie)\b",
        ),
    ]
]
# A motive may come before or after its person: both must be in the sentence, the motive is what is shown.
_MOTIVE_OF_SOMEBODY = re.compile(rf"\b{_MOTIVE}\b"), re.compile(_ADULT)
_CONTACT = re.compile(r"(?<!\d)(?:\+33 ?|0)[1-9](?:[ .-]?\d\d){4}(?!\d)|[\w.+-]{1,64}@[\w-]+\.[\w.-]*\w")
_OF_FAMILY = re.compile(rf"\b{_FAMILY}\b")
_NIR = re.compile(
    r"(?<!\d)[1-478][ .-]?\d\d[ .-]?\d\d[ .-]?(?:\d\d|2[ABab])[ .-]?\d{3}[ .-]?\d{3}(?:[ .-]?\d\d)?(?!\d)"
)
_SENTENCE = re.compile(r"(?:\b(?:M|Mme|Dr|[A-Z])\.(?=\s)|\.(?=\S)|[^.!?\n])+")


def _plain(text: str) -> str:
    """`text` without accents nor typographic signs, letter for letter: offsets stay those of the original."""
    text = text.translate({0x2019: "'", 0xA0: " ", 0x202F: " ", 0x2011: "-"})
    return "".join(unicodedata.normalize("NFD", letter)[0] for letter in text)


def _is_nir(digits: str) -> bool:
    """With its key, the key decides; without, only the grouping people write it with is convincing."""
    compact = re.sub(r"[ .-]", "", digits).upper()
    if len(compact) == 15:
        return bool(nir.is_valid(compact))
    return bool(
        re.fullmatch(r"\d[ .-]\d\d[ .-](?:0[1-9]|1[0-2])[ .-](?:\d\d|2[AB])[ .-]\d{3}[ .-]\d{3}", digits.upper())
    )


def _spans(sentence: str) -> Iterator[tuple[str, int, int]]:
    for kind, pattern in _RULES:
        yield from ((kind, *match.span()) for match in pattern.finditer(sentence))
    motive, person = _MOTIVE_OF_SOMEBODY
    if person.search(sentence):
        yield from (("absence", *match.span()) for match in motive.finditer(sentence))
    if _OF_FAMILY.search(sentence):
        yield from (("contact", *match.span()) for match in _CONTACT.finditer(sentence))


def find_concerns(text: str) -> list[Concern]:
    """Passages of `text` that seem to hold an identity, a contact or health data, in reading order.

    A passage is reported once per kind. An empty list proves nothing: the reminder above the field stays.
    """
    plain = _plain(text)
    found = [("nir", *m.span()) for m in _NIR.finditer(plain) if _is_nir(m[0])]
    for sentence in _SENTENCE.finditer(plain):
        offset = sentence.start()
        found += [(kind, offset + start, offset + end) for kind, start, end in _spans(sentence[0])]
    concerns: list[Concern] = []
    for kind, start, end in sorted(found, key=lambda f: (f[1], -f[2], f[0])):
        if not any(c.kind == kind and start < c.end for c in concerns):
            concerns.append(Concern(kind, text[start:end], start, end, ADVICE[kind]))
    return concerns
