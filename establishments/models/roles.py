"""Who may do what: one table, read with the head of the pôle, tested row by row, printed in docs/droits.md."""

from django.db import models

from ..vocabulary import said


class Role(models.TextChoices):
    ADMINISTRATOR = "administrator", "administrateur·rice"
    CENTRAL = "central", "services centraux"
    DIVISION_HEAD = "division_head", said("{division_head}")
    POLE_HEAD = "pole_head", said("{pole_head}")
    COORDINATOR = "coordinator", said("{coordinator}")
    ASSISTANT = "assistant", "assistant·e administratif·ve"
    HEALTH_LEAD = "health_lead", "référent·e santé et accueil inclusif"
    DIRECTOR = "director", said("{director} {establishment.de}")
    ELECTED = "elected", "élu·e"


class Capability(models.TextChoices):
    # Reading
    SUMMARY = "summary", "voir l’identité, qui appeler et les prochaines dates"
    KNOW_INTERNAL = "know_internal", "savoir qu’une visite ou une note interne existe"
    VIEW = "view", "lire le dossier complet"
    READ_TRANSMITTED = "read_transmitted", "lire les comptes rendus transmis"
    VIEW_AGGREGATES = "view_aggregates", "lire les indicateurs agrégés"
    VIEW_STAFF = "view_staff", said("voir {employee.les} et leurs {leave.plural}")
    # Register
    MANAGE_REGISTER = "manage_register", "tenir le registre (administration)"
    MANAGE_CALENDAR = "manage_calendar", "tenir le calendrier et les documents"
    # Visits
    LOG_VISIT = "log_visit", "saisir une visite et transmettre son compte rendu"
    VALIDATE_REPORT = "validate_report", "valider un compte rendu"
    ANSWER_REPORT = "answer_report", "répondre à un compte rendu transmis"
    CONDUCT_REVIEW = "conduct_review", "conduire une analyse de fonctionnement"
    VALIDATE_REVIEW = "validate_review", "valider une analyse de fonctionnement"
    READ_SENSITIVE = "read_sensitive", said("lire les dossiers sensibles {pole.du}")
    OPEN_SENSITIVE = "open_sensitive", "ouvrir un dossier sensible"
    # Events
    VIEW_EVENTS = "view_events", "lire les événements et les alertes"
    REPORT_EVENT = "report_event", "signaler un événement"
    HANDLE_EVENT = "handle_event", "prendre en charge et clore un événement"
    # Inspections
    VIEW_INSPECTIONS = "view_inspections", "lire les contrôles et leurs constats"
    MANAGE_INSPECTIONS = "manage_inspections", "tenir le registre des contrôles"
    # Actions
    VIEW_ACTIONS = "view_actions", "lire les actions"
    MANAGE_ACTIONS = "manage_actions", "créer, vérifier et abandonner des actions"
    DECLARE_ACTIONS = "declare_actions", "déclarer une action réalisée"
    # Staffing
    PROPOSE_LEAVE = "propose_leave", "proposer un congé"
    DECIDE_LEAVE = "decide_leave", "accorder ou refuser un congé"
    MANAGE_STAFF = "manage_staff", said("tenir les horaires {employee.des} et les relais de direction")
    ASK_NEED = "ask_need", "demander un renfort, avec sa preuve"
    MANAGE_POOL = "manage_pool", said("accepter un renfort, affecter {float_agent.les}, commander de l’intérim")
    APPROVE_NEED = "approve_need", "valider un renfort (second accord)"
    MANAGE_POSTS = "manage_posts", "tenir les postes et les recrutements"
    APPRAISE = "appraise", "conduire un entretien annuel"
    SIGN_APPRAISAL = "sign_appraisal", "lire et signer son propre entretien annuel"
    # Indicators
    ENTER_ACTIVITY = "enter_activity", "saisir et soumettre l’activité"
    VALIDATE_ACTIVITY = "validate_activity", "valider l’activité du mois"
    CLOSE_ACTIVITY = "close_activity", "clore l’activité du mois"
    # Projects
    PROPOSE_PROJECT = "propose_project", "proposer un projet, une journée pédagogique, des travaux"
    DECIDE_PROJECT = "decide_project", "valider un projet, une journée pédagogique, des travaux"
    STEER_PROJECTS = "steer_projects", "conduire un projet transversal ou un événement"
    MANAGE_PARTNERS = "manage_partners", "tenir l’annuaire des partenaires et les actions locales"
    # Network: questions of the field
    ASK_REQUEST = "ask_request", "poser une question au réseau"
    HANDLE_REQUESTS = "handle_requests", "prendre en charge, relayer et répondre à une question"
    READ_ORDERS = "read_orders", "lire les commandes passées aux territoires"
    GIVE_ORDERS = "give_orders", "passer une commande aux territoires"
    CARRY_ORDERS = "carry_orders", "accuser réception d’une commande et dire où elle en est"
    PROPOSE_ARBITRATION = "propose_arbitration", "préparer une fiche d’arbitrage et la lire"
    DECIDE_ARBITRATION = "decide_arbitration", "rendre un arbitrage"
    PUBLISH_WATCH = "publish_watch", "publier une note de veille et suivre qui l’a lue"
    ACKNOWLEDGE_WATCH = "acknowledge_watch", "accuser lecture d’une note de veille"
    # Meetings
    JOIN_MEETINGS = "join_meetings", "proposer un sujet aux réunions dont on est membre"
    MANAGE_MEETINGS = "manage_meetings", "préparer les réunions, écrire et diffuser leurs relevés"
    # Reports of the week
    WRITE_WEEKLY = "write_weekly", "rédiger et envoyer le CRA de la semaine"
    # Rules
    WATCH_RULES = "watch_rules", "tenir la veille réglementaire"
    # Syntheses
    READ_SYNTHESES = "read_syntheses", "lire les synthèses internes approuvées"
    READ_ELECTED = "read_elected", "lire les fiches destinées aux élus"
    WRITE_SYNTHESIS = "write_synthesis", "rédiger une synthèse et la soumettre"
    APPROVE_SYNTHESIS = "approve_synthesis", "approuver une synthèse"
    # The month of each one
    HAVE_BALANCE = "have_balance", "lire son bilan du mois"
    READ_BALANCE = "read_balance", "lire le bilan du mois de son équipe"
    # Derogations
    DEROGATE = "derogate", "accorder une dérogation motivée"


C = Capability
EVENTS = {C.VIEW_EVENTS, C.REPORT_EVENT}
INSPECTIONS = {C.VIEW_INSPECTIONS, C.MANAGE_INSPECTIONS}
READING = {C.SUMMARY, C.VIEW, C.READ_TRANSMITTED, C.VIEW_AGGREGATES, C.VIEW_STAFF, C.KNOW_INTERNAL, C.VIEW_ACTIONS}
APPRAISING = {C.APPRAISE, C.MANAGE_POSTS}
MEETINGS = {C.JOIN_MEETINGS, C.MANAGE_MEETINGS}
PROJECTS = {C.PROPOSE_PROJECT, C.DECIDE_PROJECT, C.STEER_PROJECTS, C.MANAGE_PARTNERS}

CAPABILITIES = {
    Role.ADMINISTRATOR: {C.SUMMARY, C.KNOW_INTERNAL, C.MANAGE_REGISTER},
    Role.CENTRAL: {
        C.SUMMARY,
        C.KNOW_INTERNAL,
        C.VIEW_AGGREGATES,
        C.READ_TRANSMITTED,
        C.WRITE_WEEKLY,
        C.STEER_PROJECTS,
        C.WATCH_RULES,
    }
    | {C.VIEW_EVENTS, C.HANDLE_EVENT, C.VIEW_INSPECTIONS}
    | MEETINGS,
    Role.DIVISION_HEAD: {C.SUMMARY, C.VIEW, C.VIEW_AGGREGATES, C.READ_TRANSMITTED, C.KNOW_INTERNAL, C.VIEW_ACTIONS}
    | {C.VIEW_EVENTS, C.HANDLE_EVENT, C.VIEW_INSPECTIONS, C.JOIN_MEETINGS},
    Role.POLE_HEAD: READING
    | {C.LOG_VISIT, C.VALIDATE_REPORT, C.MANAGE_ACTIONS, C.DECLARE_ACTIONS, C.MANAGE_CALENDAR}
    | {
        C.PROPOSE_LEAVE,
        C.DECIDE_LEAVE,
        C.MANAGE_STAFF,
        C.ENTER_ACTIVITY,
        C.VALIDATE_ACTIVITY,
        C.CLOSE_ACTIVITY,
        C.DEROGATE,
    }
    | {C.WRITE_WEEKLY, C.READ_SENSITIVE, C.OPEN_SENSITIVE, C.CONDUCT_REVIEW, C.VALIDATE_REVIEW}
    | PROJECTS
    | EVENTS
    | MEETINGS
    | {C.HANDLE_EVENT, C.ASK_NEED, C.MANAGE_POOL, C.APPROVE_NEED}
    | INSPECTIONS
    | APPRAISING,
    Role.COORDINATOR: READING
    | {
        C.CONDUCT_REVIEW,
        C.OPEN_SENSITIVE,
        C.LOG_VISIT,
        C.VALIDATE_REPORT,
        C.MANAGE_ACTIONS,
        C.DECLARE_ACTIONS,
        C.MANAGE_CALENDAR,
    }
    | {C.PROPOSE_LEAVE, C.DECIDE_LEAVE, C.MANAGE_STAFF, C.ENTER_ACTIVITY, C.VALIDATE_ACTIVITY}
    | PROJECTS
    | EVENTS
    | MEETINGS
    | {C.HANDLE_EVENT, C.ASK_NEED, C.MANAGE_POOL}
    | INSPECTIONS
    | APPRAISING,
    Role.ASSISTANT: {C.SUMMARY, C.VIEW, C.READ_TRANSMITTED, C.VIEW_AGGREGATES, C.VIEW_STAFF}
    | {C.KNOW_INTERNAL, C.VIEW_ACTIONS, C.MANAGE_CALENDAR, C.ENTER_ACTIVITY, C.MANAGE_PARTNERS, C.MANAGE_STAFF}
    | {C.MANAGE_POSTS}
    | EVENTS
    | MEETINGS
    | INSPECTIONS,
    Role.HEALTH_LEAD: {C.SUMMARY, C.KNOW_INTERNAL, C.VIEW_ACTIONS, C.DECLARE_ACTIONS, C.JOIN_MEETINGS} | EVENTS,
    Role.DIRECTOR: {C.SUMMARY, C.READ_TRANSMITTED, C.VIEW_AGGREGATES, C.VIEW_STAFF, C.ANSWER_REPORT, C.VIEW_ACTIONS}
    | {C.DECLARE_ACTIONS, C.PROPOSE_LEAVE, C.MANAGE_STAFF, C.ENTER_ACTIVITY, C.PROPOSE_PROJECT}
    | {C.ASK_NEED, C.SIGN_APPRAISAL, C.VIEW_INSPECTIONS, C.JOIN_MEETINGS}
    | EVENTS,
    Role.ELECTED: set(),
}

# The texts composed from the facts (syntheses, sheets, the month of each one).
SYNTHESES = {C.READ_SYNTHESES, C.READ_ELECTED}
TEXTS = {
    Role.CENTRAL: SYNTHESES | {C.WRITE_SYNTHESIS, C.APPROVE_SYNTHESIS},
    Role.DIVISION_HEAD: SYNTHESES | {C.APPROVE_SYNTHESIS},
    Role.POLE_HEAD: SYNTHESES | {C.WRITE_SYNTHESIS, C.APPROVE_SYNTHESIS, C.HAVE_BALANCE, C.READ_BALANCE},
    Role.COORDINATOR: SYNTHESES | {C.WRITE_SYNTHESIS, C.HAVE_BALANCE},
    Role.ASSISTANT: SYNTHESES,
    Role.DIRECTOR: {C.READ_ELECTED},
    Role.ELECTED: {C.READ_ELECTED},
}
CAPABILITIES = {role: granted | TEXTS.get(role, set()) for role, granted in CAPABILITIES.items()}

ARBITRATION = {C.PROPOSE_ARBITRATION, C.DECIDE_ARBITRATION}
RELAY = {C.ASK_REQUEST, C.HANDLE_REQUESTS, C.READ_ORDERS}
# The life of the network: who asks, answers, orders, arbitrates, keeps watch.
NETWORK = {
    Role.CENTRAL: {C.HANDLE_REQUESTS, C.READ_ORDERS, C.GIVE_ORDERS, C.PUBLISH_WATCH} | ARBITRATION,
    Role.DIVISION_HEAD: {C.CARRY_ORDERS, C.PUBLISH_WATCH} | RELAY | ARBITRATION,
    Role.POLE_HEAD: {C.CARRY_ORDERS, C.PUBLISH_WATCH} | RELAY | ARBITRATION,
    Role.COORDINATOR: RELAY | {C.PROPOSE_ARBITRATION, C.PUBLISH_WATCH},
    Role.ASSISTANT: RELAY,
    Role.DIRECTOR: {C.ASK_REQUEST, C.ACKNOWLEDGE_WATCH},
}
CAPABILITIES = {role: granted | NETWORK.get(role, set()) for role, granted in CAPABILITIES.items()}

# Only a director lacks KNOW_INTERNAL on what she sees: an unannounced visit stays unannounced (its page is a 404).
# A coordinator helps out in the whole pôle: she sees the summary of its other sectors (decisions, 6).
POLE_WIDE = {Role.COORDINATOR: {C.SUMMARY, C.KNOW_INTERNAL}}


def roles_with(capability):
    return [role for role, granted in CAPABILITIES.items() if capability in granted]


def roles_pole_wide(capability):
    return [role for role, granted in POLE_WIDE.items() if capability in granted]
