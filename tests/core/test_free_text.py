"""What the detector must see, and what it must leave in peace: sentences as coordinators write them."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.free_text import ADVICE, find_concerns

WARNED = [
    ("nir", "NIR de la mère : 2 95 10 99 126 111 93."),
    ("nir", "Son numéro est 295109912611193, à classer."),
    ("nir", "N° 2.95.10.99.126.111 relevé au dossier."),
    ("nir", "Sécu 253072B07300470"),
    ("contact", "La maman est joignable au 06 12 34 56 78."),
    ("contact", "Écrire aux parents : dupont.famille@example.org"),
    ("contact", "Père à rappeler (+33 6 12 34 56 78)."),
    ("identity", "L’enfant Lucas a été mordu au bras."),
    ("identity", "L'enfant DUPONT est arrivé en retard."),
    ("identity", "Adaptation de la petite Inès prolongée."),
    ("identity", "Rencontre avec la maman de Théo."),
    ("identity", "Le papa d’Élise demande un aménagement."),
    ("identity", "Les parents de Noé sont inquiets."),
    ("identity", "La famille Martin conteste la facture."),
    ("identity", "Lina, 18 mois, dort peu."),
    ("identity", "Mohamed (2 ans) change de section."),
    ("identity", "Situation de bébé Jade évoquée en réunion."),
    ("identity", "Mme Diallo, mère, a été reçue."),
    ("identity", "Une fillette prénommée Awa."),
    ("identity", "Les jumeaux Tom et Lou changent de section."),
    ("birth", "Enfant né le 12/03/2024."),
    ("birth", "Une petite née le 1er mars 2024."),
    ("health", "Cet enfant est allergique à l’arachide."),
    ("health", "Cette petite fille suit un traitement lourd."),
    ("health", "Un enfant autiste est accueilli chez les moyens."),
    ("health", "L’enfant a fait des convulsions pendant la sieste."),
    ("health", "Gabriel a de l’eczéma."),
    ("health", "Son fils a la varicelle."),
    ("health", "Le diagnostic de cet enfant n’est pas posé."),
    ("health", "La maman est dépressive."),
    ("health", "L’enfant Léo a un PAI."),
    ("health", "Le bébé a de la fièvre depuis hier."),
    ("health", "Mme Dupont souffre d’une dépression."),
    ("health", "Adam a été hospitalisé hier."),
    ("identity", "La grand-mère de Sarah vient le chercher."),
    ("identity", "La famille DIALLO a déménagé."),
    ("absence", "L’agent est en CLM depuis mars."),
    ("absence", "La directrice est en arrêt maladie jusqu’au 12."),
    ("absence", "Mme Bernard est absente pour maladie."),
    ("absence", "M. Petit est en congé longue maladie."),
    ("absence", "Absente depuis lundi pour enfant malade."),
    ("absence", "Une auxiliaire est enceinte."),
    ("absence", "L’adjointe reprend à mi-temps thérapeutique."),
    ("absence", "En raison de sa grossesse, elle a demandé un aménagement."),
    ("absence", "L’auxiliaire est absente suite à un accident du travail."),
]

LEFT_IN_PEACE = [
    "",
    "Le protocole de soins est affiché dans chaque section.",
    "3 enfants avec PAI, dont 2 chez les grands.",
    "Un enfant avec PAI accueilli depuis septembre.",
    "La RSAI passe dix heures par trimestre.",
    "2 agents en arrêt maladie sur 14 ce trimestre.",
    "12 jours d’arrêt maladie cumulés.",
    "Protocole allergies à réécrire avec la RSAI.",
    "Mme Martin, RSAI, a formé l’équipe aux allergies alimentaires.",
    "Traitement de l’air à contrôler avant l’hiver.",
    "Le diagnostic technique amiante est à jour.",
    "Diagnostic de territoire partagé avec la Caf.",
    "L’accueil de l’enfant en situation de handicap est inscrit au projet.",
    "Le rythme de l’enfant est respecté ; le protocole médicaments est connu.",
    "Les enfants Moyens et Grands sont réunis à 17 h 30.",
    "L’enfant est au cœur du projet. Diagnostic partagé avec la PMI.",
    "Crèche Le Petit Prince : peinture à refaire.",
    "Sortie au spectacle de la petite Sirène.",
    "Point avec le pôle Petite Enfance de Paris.",
    "Les parents de la section des bébés sont invités.",
    "Les parents d’élèves de l’école voisine utilisent la cour.",
    "Une mère de famille siège au conseil de parents.",
    "Le père Noël passe le 18 décembre.",
    "Multi-accueil Jean Jaurès, 12 rue Victor Hugo.",
    "Emma Durand, EJE, anime l’atelier auprès des enfants.",
    "Contacter la PMI : 01 43 56 78 90, pmi@example.org",
    "SIRET 217 500 016 00019 à corriger.",
    "Numéro 295109912611199 du lot de lits.",
    "Le portail de l’enceinte ferme mal.",
    "Porte à double enceinte côté cour.",
    "Taux d’encadrement tenu : 1 pour 6.",
    "Éviction pour maladie contagieuse : conduite affichée.",
    "Les enfants porteurs d’allergies sont comptés au tableau.",
    "La directrice est absente le lundi, l’adjointe la remplace.",
    "Deux familles ont été reçues par la coordinatrice.",
    "Le protocole « enfant malade » est signé.",
    "La directrice présente la charte et le plan de formation.",
    "Crèche Victor Hugo, 2 ans de retard sur la commission de sécurité.",
    "La petite Ourse est le nom de la section.",
    "Les familles peuvent joindre la crèche au 01 43 00 00 00.",
    "Mme Sow, infirmière, suit les traitements en cours.",
    "Épidémie de bronchiolite : 8 enfants absents le 12 janvier.",
    "Le registre des médicaments est tenu ; ordonnances classées par la RSAI.",
    "Gel des places du 3 au 14 mars 2026 pour travaux.",
    "Lucie Bernard, directrice, présente le projet d’établissement.",
    "Un enfant sur deux est accueilli à temps partiel.",
    "Assurance et mutuelle : dossier transmis au SAF.",
]


@pytest.mark.parametrize(("kind", "text"), WARNED)
def test_an_identity_or_a_health_fact_is_pointed_at(kind, text):
    assert kind in {concern.kind for concern in find_concerns(text)}


@pytest.mark.parametrize("text", LEFT_IN_PEACE)
def test_the_words_of_the_trade_raise_nothing(text):
    assert find_concerns(text) == []


def test_each_passage_comes_with_its_place_and_an_advice_in_reading_order():
    text = "RAS côté locaux.\nLa maman de Théo (06 12 34 56 78) est reçue.\nCet enfant est allergique."
    concerns = find_concerns(text)
    assert [c.kind for c in concerns] == ["identity", "contact", "health"]
    assert concerns[0].excerpt == "maman de Théo"
    assert all(text[c.start : c.end] == c.excerpt and c.advice == ADVICE[c.kind] for c in concerns)


def test_a_person_and_a_motive_in_two_sentences_are_not_joined():
    assert find_concerns("La directrice est présente. Jours d’arrêt maladie : 12.") == []


@given(st.text(alphabet="aéL’'.\n 0123456789@MTheo enfant œıİ", max_size=80))
def test_any_text_gets_an_answer_that_points_inside_it(text):
    concerns = find_concerns(text)
    assert all(text[c.start : c.end] == c.excerpt for c in concerns)
    assert [c.start for c in concerns] == sorted(c.start for c in concerns)


def test_a_very_long_text_is_read_in_one_pass():
    text = "L’équipe respecte le rythme de chaque enfant et le protocole est connu. " * 2000
    assert find_concerns(text + "Cet enfant est allergique.")[0].start == len(text)
