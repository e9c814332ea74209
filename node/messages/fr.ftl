# Les textes des pages. Les trois catalogues ont les mêmes identifiants et les mêmes données ; un test y veille.

## Cadre
app-name = Multaqa
skip = Aller au contenu
nav-label = Rubriques
nav-home = Accueil
nav-library = Bibliothèque
nav-members = Membres
nav-network = Réseau
nav-help = Aide
# The office
office-nav = Bureau
office-sign-out = Se déconnecter
office-sign-in = Se connecter
office-pages = Pages du bureau
office-home = Accueil
office-people = Agents
office-settings = Réglages
office-network = Rejoindre le réseau
office-signatures = Registre des signatures
office-account = Mon compte
office-name = Nom
office-your-name = Votre nom
office-password = Mot de passe
office-new-password = Nouveau mot de passe
office-password-again = Le mot de passe, une seconde fois
office-password-rule = Dix caractères au moins. Une courte phrase dont vous vous souvenez vaut mieux qu’un mot.
office-old-password = Mot de passe actuel
office-change-password = Changer le mot de passe
office-choose-title = Choisir un mot de passe
office-choose = Enregistrer et entrer
office-link-closed = Demandez un nouveau lien à l’administrateur du bureau.
office-lost = Mot de passe perdu ?
office-lost-how = L’administrateur du bureau vous donne un lien par lequel vous en choisissez un autre.
office-lost-console = Si c’est celui de l’administrateur, qui a la charge de la machine lui en crée un par cette commande :
office-sign-in-new = Le bureau n’a pas encore d’administrateur. Le premier lien s’affiche sur la machine au démarrage du nœud.
office-needs-https = Le bureau est ouvert à d’autres machines : on ne s’y connecte que par HTTPS. Voyez qui a la charge de la machine.
office-role = Rôle
office-role-reader = Lecteur
office-role-author = Rédacteur
office-role-publisher = Éditeur
office-role-administrator = Administrateur
office-role-about-reader = voit ce qui se prépare au bureau
office-role-about-author = écrit des brouillons
office-role-about-publisher = publie au nom de la collectivité
office-role-about-administrator = gère les comptes et les réglages, et publie aussi
office-active = Travaille au bureau
office-inactive = Compte désactivé
office-no-password = Pas encore de mot de passe
office-visited = Dernière visite : { $time }
office-save = Enregistrer
office-save-for = Enregistrer le compte de { $name }
office-link-make = Lien pour un nouveau mot de passe
office-link-for = Lien pour un nouveau mot de passe de { $name }
office-link-title = Lien pour choisir un mot de passe
office-link-about = Remettez ce lien à { $name } en mains propres. Il ne sert qu’une fois, jusqu’au { $until }.
office-handed-once = Il ne sera plus affiché : copiez-le maintenant.
office-add = Ajouter un agent
office-programs = Programmes
office-programs-about = Un autre programme de la collectivité publie en son nom par l’interface, avec un jeton.
office-program-name = Nom du programme
office-token-make = Créer un jeton
office-token-title = Jeton pour un programme
office-token-about = Le programme l’envoie avec chaque demande au bureau.
office-end = Annuler le jeton
office-end-for = Annuler le jeton de { $name }
office-four-eyes = Règle des quatre yeux
office-four-eyes-on = Rien n’est publié sans l’accord d’une seconde personne
office-four-eyes-about = Qui a écrit le brouillon ne l’approuve pas lui-même, fût-il éditeur ou administrateur.
office-languages = Langues de la collectivité
office-languages-about = Celles dans lesquelles vous écrivez vos fiches ; le bureau rappelle ce qui manque dans chacune.
office-founding = Mise en place du nœud
office-founding-closed = Ce nœud n’est pas encore en place. Ouvrez le lien affiché sur la machine à son démarrage.
office-step-place = Étape 1 sur 4
office-step-key = Étape 2 sur 4
office-step-administrator = Étape 3 sur 4
office-step-network = Étape 4 sur 4
office-founding-place = Quelle est votre collectivité ?
office-founding-place-about = Écrivez son nom, ou le début, en arabe ou en français : région, préfecture, province ou commune.
office-place-name = Nom de la collectivité
office-place-none = Ce nom n’est pas trouvé. Essayez dans l’autre langue, ou avec moins de lettres.
office-partner = Nous ne sommes pas une collectivité
office-partner-about = Pour les associations, les universités, les ministères et les autres partenaires : sans code officiel, ils sont connus du réseau par leur nom.
office-partner-kind = Nature de l’organisme
office-partner-name = Nom ({ $language })
office-partner-refused = Choisissez la nature de l’organisme et écrivez un nom dans une langue au moins, de 120 caractères au plus.
office-other-place = Choisir une autre collectivité
office-key-title = Clé de remplacement
office-key-about = Cette clé seule rend à la collectivité son identité dans le réseau si la machine est perdue ou volée. Qui la détient peut parler en son nom.
office-key-keep = Cette feuille va dans une enveloppe scellée, gardée dans un coffre loin de la machine.
office-key-qr = Code qui porte les mêmes chiffres
office-key-print = Imprimez cette page maintenant (Ctrl+P). La clé ne sera plus affichée ensuite, et le nœud ne la garde pas.
office-key-sealed = J’ai imprimé cette page et je l’ai scellée dans une enveloppe
office-key-not-sealed = Confirmez d’abord que la clé est imprimée et scellée.
office-set-up = Mise en place du bureau
office-set-up-about = Vous êtes la première personne à entrer ; vous administrerez le bureau.
office-set-up-closed = Si le bureau n’a pas encore d’administrateur, un nouveau lien s’affiche sur la machine au prochain démarrage du nœud.
office-go-on = Continuer
office-network-about = L’invitation est une ligne qu’une collectivité membre vous envoie. Collez-la ici pour demander à rejoindre le réseau. Cela peut aussi se faire plus tard : ce que vous publiez avant y arrivera ensuite.
office-network-entered = Ce nœud appartient au réseau :
office-invitation = Invitation
office-invitation-bad = Ce n’est pas une invitation entière. Copiez toute la ligne telle que vous l’avez reçue.
office-join = Demander à rejoindre
office-later = Plus tard
office-no-network = Ce nœud n’appartient encore à aucun réseau.
office-signatures-about = Qui a demandé de signer au nom de la collectivité, quand et quoi. Rien n’en est effacé.
office-signatures-none = Aucune signature encore.
office-time = Moment
office-asked = Demandé par
office-approved = Approuvé par
office-what = Fiche
office-new = Nouveau dans le réseau
office-new-since = Nouveau depuis le { $time }
office-nothing-new = Rien de nouveau des autres collectivités.
office-questions = Questions qui attendent notre réponse
office-waiting =
    { $count ->
        [one] Un brouillon attend d’être publié
        *[other] { $shown } brouillons attendent d’être publiés
    }
office-health = État du nœud
office-disk-well = Disque : l’enregistrement fonctionne
office-disk-unwell = Disque : l’enregistrement échoue, voyez qui a la charge de la machine
office-signs = Signature : possible
office-signs-not = Signature : suspendue en attendant d’autres nœuds
office-refused-full = Le bureau a autant de comptes qu’il peut en avoir.
office-refused-name-taken = Un compte porte déjà ce nom. Ajoutez-y ce qui le distingue.
office-refused-bad-name = Un nom a de 1 à 80 caractères visibles.
office-refused-unknown = Ce compte n’existe plus, ou est désactivé.
office-refused-no-such-role = Choisissez un rôle de la liste.
office-refused-last-administrator = Un bureau garde un administrateur : nommez-en d’abord un autre.
office-refused-bad-link = Ce lien n’ouvre rien : il a déjà servi, ou il est trop ancien.
office-refused-weak-password = Mot de passe trop court ou trop facile à deviner : dix caractères au moins, et pas le nom.
office-refused-differ = Les deux mots de passe diffèrent. Écrivez deux fois le même.
office-refused-wrong-password = Le nom ou le mot de passe n’est pas juste.
office-refused-too-many-tries = Trop d’essais. Attendez une demi-minute, puis réessayez.
office-refused-no-language = Choisissez au moins une langue.
office-missing =
    { $count ->
        [0] Fiches : toutes sont là
        [one] Fiches : { $shown } contenu manque
        *[other] Fiches : { $shown } contenus manquent
    }
nav-data = Données ouvertes
tongues-label = Langue de la page
footer-keeper = Nœud tenu par
footer-nameless = un membre qui ne s’est pas encore présenté
labelled = { $label } :
so-many-of = { $some } sur { $all }
list-separator = { ", " }
amount = { $amount } { $currency }
currency-MAD = dirhams
currency-EUR = euros
currency-USD = dollars des États-Unis
footer-connected =
    { $count ->
        [0] relié à aucun autre nœud
        [one] relié à { $shown } autre nœud
        *[other] relié à { $shown } autres nœuds
    }
bytes =
    { $count ->
        [one] { $shown } octet
        *[other] { $shown } octets
    }

## Dates
month-1 = janvier
month-2 = février
month-3 = mars
month-4 = avril
month-5 = mai
month-6 = juin
month-7 = juillet
month-8 = août
month-9 = septembre
month-10 = octobre
month-11 = novembre
month-12 = décembre
date-day =
    { $day ->
        [1] 1er
       *[other] { $day }
    } { $month } { $year }
date-month = { $month } { $year }
date-moment = { $day } à { $time } (heure du Maroc)
period-from-to = de { $start } à { $end }
period-since = depuis { $start }, en cours
period-until = jusqu’à { $end }
period-ongoing = en cours
since = depuis { $date }

## Vocabulaires
level-prefecture = préfecture
kind-practice = bonne pratique
kind-plan = programme d’ouverture
kind-profile = fiche d’identité
kind-challenge = défi commun
kind-proposal = proposition
kind-progress = avancement
kind-evaluation = évaluation
kind-adoption = reprise d’une pratique
kind-reply = réponse
kind-event = rencontre
kind-endorse = cosignature
kind-inception = ouverture du journal
kind-rotate = changement de clé
kind-charter = charte
kind-join = demande d’adhésion
kind-leave = départ du réseau
kind-admit = admission
kind-suspend = suspension
kind-close = fermeture du journal
kind-withdraw = retrait
kind-checkpoint = relevé des têtes
kind-witness = attestation des têtes
register-ogp = Partenariat pour un gouvernement ouvert
register-remacto = plateforme du réseau
language-ar = arabe
language-ary = arabe marocain
language-ber = amazighe
language-en = anglais
language-es = espagnol
language-fr = français
language-shi = tachelhit
language-tzm = amazighe du Moyen Atlas
language-zgh = amazighe standard
standing-disputed = contesté
standing-disowned = désavoué
standing-beyond-cut = écrit après la suspension
standing-withdrawn = retiré
standing-hidden = masquée sur ce nœud
standing-missing = contenu pas encore reçu
standing-unreadable = contenu illisible
standing-older = version antérieure
signature-verified = signature vérifiée
signature-forged = falsifié ou altéré
signature-undecided = indécidable

## Accueil
home-lead = Ce que les collectivités territoriales ont essayé pour être plus ouvertes : ce qui a été fait, ce que cela a coûté, ce qui n’a pas marché. Chaque fiche est signée par son auteur et chacun peut la vérifier.
home-newest = Dernières fiches
home-none = Aucune fiche ici pour l’instant.
home-none-next = Les fiches arrivent d’elles-mêmes des autres nœuds ; pour en publier une, voyez l’aide.
home-all = Toutes les fiches
figure-members =
    { $count ->
        [one] membre
        *[other] membres
    }
figure-nodes =
    { $count ->
        [one] nœud relié en ce moment
        *[other] nœuds reliés en ce moment
    }
figure-nodes-detail =
    { $count ->
        [one] { $shown } entrée conservée ici
        *[other] { $shown } entrées conservées ici
    }
count-region =
    { $count ->
        [one] { $shown } région
        *[other] { $shown } régions
    }
count-province =
    { $count ->
        [one] { $shown } préfecture ou province
        *[other] { $shown } préfectures et provinces
    }
count-commune =
    { $count ->
        [one] { $shown } commune
        *[other] { $shown } communes
    }

## Bibliothèque
library-title = Bibliothèque des pratiques
library-lead = Ce que les collectivités ont essayé, ce que cela leur a coûté, ce qui n’a pas marché. Chaque fiche est signée par son auteur.
library-newest = les plus récentes d’abord
library-by-fit = les plus proches de votre question d’abord
library-incomplete = L’index est en préparation : il peut manquer des résultats. Réessayez un peu plus tard.
search-label = Chercher dans les fiches, en toute langue
search-example = par exemple : budget participatif
search-button = Rechercher
why-found-concept = Trouvé par le sens « { $name } » : le texte dit { $found } (question : { $asked })
why-found-place = « { $asked } » désigne le lieu { $name }
why-found-spelling = « { $asked } » est introuvable ; résultats pour { $found }
why-found-beginning = Mots commençant par « { $asked } » : { $found }
library-none = Aucune fiche ne correspond ici.
library-none-next = Retirez un filtre, ou cherchez avec moins de mots. La fiche existe peut-être chez un membre dont les fiches ne sont pas encore arrivées.
library-all = Toutes les fiches
filters-title = Filtrer
filters-more = Voir plus
filters-clear = Retirer tous les filtres
filter-remove = retirer ce filtre
filter-kind = Type
filter-principle = Principe
filter-region = Région
filter-level = Niveau
filter-status = État
filter-theme = Domaine
filter-language = Langue du texte
filter-year = Année
filter-author = un seul membre
filter-refers-to = ce qui renvoie à une fiche
filter-asked = ce qui est demandé à une collectivité
filter-mentions = ce qui s’adresse à { $place }
page-first = Première page
page-next = Page suivante
permalink = Lien permanent vers cette liste
selection-files = Toute cette sélection :
selection-csv = tableau CSV
selection-jsonld = données liées (JSON-LD)
selection-atom = flux Atom
record-untitled = Fiche sans titre
text-in = texte en { $language }
library-found =
    { $count ->
        [0] aucune fiche
        [one] { $shown } fiche
        *[other] { $shown } fiches
    }

## Fiche
tabs-label = Langues de la fiche
text-in-own-language = Ce texte n’existe pas en français ; il est affiché dans sa langue : { $language }.
section-done = Ce qui a été fait
section-cost = Ce que cela a coûté
section-failed = Ce qui n’a pas marché
section-results = Résultats et preuves
section-context = Contexte et problème
section-reuse = Pour la reprendre
section-partners = Partenaires
section-contacts = Contact
section-aims = Objectifs et domaines
section-sources = Sources
section-declared = Taux déclarés
section-commitments = Engagements
section-axes = Axes
section-stages = Étapes du processus
section-frameworks = Programmes et partenariats
section-links = Fiches liées
section-referring = Fiches qui renvoient à celle-ci
section-raw = Le contenu tel que signé
raw-why = Ce programme ne connaît pas ce type de fiche, ou son contenu ne suit pas la forme de son type.
heading-lessons = Échecs et enseignements
heading-difficulties = Difficultés
heading-beneficiaries = Bénéficiaires
heading-conditions = Conditions de réussite
heading-transferability = Ce qui peut être repris, et comment
heading-action = Ce qui sera fait
heading-problem = Problème public
heading-status-quo = Situation actuelle
heading-contribution = En quoi cela contribue à la solution
heading-goal = Objectif à long terme
fact-budget = Budget
fact-funding = Financement
fact-staff = Personnel (équivalents temps plein)
fact-note = Remarque
fact-outcomes = Effets recherchés
fact-themes = Domaines
fact-ogp = Valeurs du gouvernement ouvert
fact-sdgs = Objectifs de développement durable
fact-original = Langue d’origine
fact-translated = Traduit en
fact-translation-note = Sur la traduction
fact-confidence = Fiabilité du recueil
fact-status-basis = Fondement de l’état indiqué
fact-place-basis = Fondement du lieu indiqué
fact-themes-by = Domaines attribués par
fact-licence = Licence
fact-programme = Cadre
fact-cycle = Cycle
fact-period = Période
fact-axis = Axe
fact-lead = Pilotage
fact-site = Site
# Suivi, évaluation et reprise
plan-rule = Étapes achevées sur l’ensemble des étapes non abandonnées. Une étape est un jalon, ou un engagement qui n’en a pas. Ne comptent que les rapports signés par l’auteur du programme et par ceux qui l’ont cosigné en tant que parties ; le dernier rapport sur une étape fait foi.
section-followed = Où en est le programme
section-counting = Comment le taux est calculé
section-evaluated = Évaluation
section-proposals = Propositions et suites données
section-adoptions = Qui a repris cette pratique
plan-nothing = Rien à compter pour l’instant
plan-done =
    { $count ->
        [one] Étape achevée : { $some } sur { $shown }
        *[other] Étapes achevées : { $some } sur { $shown }
    }
plan-derived = Taux calculé à partir des preuves : { $percent } %, au { $date }
plan-as-of = Au { $date }
plan-evidenced =
    { $count ->
        [one] { $shown } étape achevée avec preuve
        *[other] { $shown } étapes achevées avec preuve
    }
plan-late = (en retard)
plan-how = Comment est-ce calculé ?
plan-incomplete = Tout n’a pas été pris en compte : l’index est en cours de mise à jour, ou il y a plus de fiches qu’une page n’en lit.
plan-signed-later = Le programme a été signé après cette date : aucun rapport n’était alors signé.
plan-other-version = Calculé sur une autre version du programme, celle qui comptait à cette date.
plan-other-version-link = Voir cette version
plan-declared = Taux déclaré : { $percent } %.
plan-declared-as-of = Taux déclaré : { $percent } % (date déclarée : { $date }).
plan-differs = Il diffère du taux calculé à partir des preuves ({ $percent } %).
plan-agrees = Il correspond au taux calculé à partir des preuves.
plan-nothing-derived = Aucun taux ne peut être calculé à partir de preuves : il n’y a pas d’étape à compter.
plan-overdue =
    { $count ->
        [one] { $shown } étape en retard
        *[other] { $shown } étapes en retard
    }
plan-stalled =
    { $count ->
        [one] { $shown } étape à l’arrêt
        *[other] { $shown } étapes à l’arrêt
    }
plan-days =
    { $count ->
        [one] { $shown } jour
        *[other] { $shown } jours
    }
plan-pace-overdue =
    { $count ->
        [one] (en retard de { $shown } jour)
        *[other] (en retard de { $shown } jours)
    }
plan-pace-stalled =
    { $count ->
        [one] (à l’arrêt depuis { $shown } jour)
        *[other] (à l’arrêt depuis { $shown } jours)
    }
plan-no-evidence = sans preuve
plan-stalled-rule = Est à l’arrêt une étape commencée, ou qui aurait dû l’être, dont l’état n’a pas changé depuis plus de 183 jours.
# Les écritures signées sur lesquelles reposent les chiffres d'un programme.
plan-rests =
    { $count ->
        [one] Repose sur { $shown } écriture signée
        *[other] Repose sur { $shown } écritures signées
    }
plan-rests-more =
    { $count ->
        [one] { $shown } rapport plus ancien est aussi dans le dossier.
        *[other] { $shown } rapports plus anciens sont aussi dans le dossier.
    }
plan-version-of = version du programme du { $date }
plan-report-of = rapport du { $date }
plan-check = dossier de preuve
plan-check-all = Toutes dans un seul dossier de preuve
column-rests = Repose sur
plan-by-others =
    { $count ->
        [one] { $shown } rapport d’un auteur qui ne met pas le programme en œuvre : il ne compte pas
        *[other] { $shown } rapports d’auteurs qui ne mettent pas le programme en œuvre : ils ne comptent pas
    }
plan-unresolved =
    { $count ->
        [one] { $shown } état d’une étape qui n’est pas dans le programme
        *[other] { $shown } états d’étapes qui ne sont pas dans le programme
    }
plan-data = Les mêmes chiffres en données ouvertes (JSON)
plan-became-open = pas encore de décision
plan-became-declined = non retenue :
plan-became-merged = fusionnée avec :
plan-became-commitment = devenue l’engagement :
plan-became-not-held = fusionnée avec une proposition que ce nœud n’a pas encore :
plan-became-circle = fusionnée avec une proposition fusionnée avec elle
plan-origin-both = (selon la proposition et l’engagement)
plan-origin-proposal = (selon la proposition)
plan-origin-commitment = (selon l’engagement)
heading-origins = Propositions dont il est issu
gantt-title = Calendrier des engagements
gantt-about = Le tableau qui suit donne les mêmes informations.
state-count = { $number } { $state }
figure-from-to = de { $before } à { $value }
table-steps = Les étapes, leur état et les preuves
table-outputs = Ce qui sera visible une fois fait
table-proposals =
    { $count ->
        [one] { $shown } proposition
        *[other] { $shown } propositions
    }
table-adopters =
    { $count ->
        [one] { $shown } collectivité ou partenaire
        *[other] { $shown } collectivités ou partenaires
    }
column-due = Échéance
column-days = Durée
column-state-since = Depuis
column-report = Rapport signé
column-names = Telle que nommée dans le rapport
column-author = Signataire
column-derived = Réalisé selon les preuves
column-last-report = Dernier rapport
column-with-evidence = Achevé avec preuve
column-proposal = Proposition
column-collected = De qui, à quelle occasion
column-became = Suite donnée
column-adopter = Qui
column-taken-up = Quand
column-adaptation = Avec quelles adaptations
column-own-results = Ses propres résultats
fact-implementers = Dont les rapports comptent
fact-as-of = À la date du
fact-verdicts = Évaluation
fact-evaluated-by = Évalué par
fact-evaluated-what = Objet
fact-evaluated-version = Version évaluée
fact-completion = Degré d’achèvement
fact-early-results = Premiers résultats
fact-ambition = Potentiel
fact-verifiable = Vérifiable
fact-relevant = En rapport avec l’ouverture
heading-evaluated-lessons = Enseignements
heading-recommendations = Recommandations
heading-cosigned = Cosignatures
evaluated-self = Auto-évaluation : par qui met en œuvre
evaluated-other = Évaluation par un autre que l’exécutant
evaluated-untitled = Évaluation
evaluated-whole = l’ensemble
evaluated-newer = (il existe une version plus récente)
evaluated-current = (la version actuelle)
evaluated-earlier = (a signé une version antérieure)
evaluated-awaited = n’a pas encore signé
spread-since = première annonce : { $date }
spread-version = version { $number }
spread-behind = (une version plus récente existe)
spread-newer = Une version plus récente que celle qui a été reprise a été signée le { $date } :
section-newer = Pratiques reprises dont une version plus récente existe
spread-own-adoption = voir la reprise
spread-newer-table = Versions signées après celle qui a été reprise
column-practice = Pratique
column-adoption = Reprise
similar-title = Pratiques de collectivités semblables
similar-all = Les voir toutes
similar-first = les plus proches d’abord
similar-why = En commun : { $why }
similar-population = même classe de population
similar-region = même région
similar-themes = thèmes ({ $themes })
filter-similar-to = collectivités semblables
similar-rule = Pratiques de collectivités de même niveau, les plus proches d’abord : deux points pour la même classe de population, deux pour la même région, un par thème en commun, trois au plus. À points égaux, la plus récente d’abord.

column-when = Quand
column-step = Étape
column-output = Ce qui sera visible
column-indicator = Indicateur
column-baseline = Départ
column-value = Valeur
column-date = Date
column-evidence = Preuve
column-occasion = Occasion
column-people = Participants
column-women = dont femmes
column-youth = dont jeunes
column-organisations = Organisations
column-commitment = Engagement
column-status = État selon l’auteur
column-stage = Étape
column-held = Ce qui a été tenu
table-milestones = Jalons
table-results = Chaque chiffre a sa source
table-participation = La participation en chiffres
table-stages = Les étapes et leurs dates
declared = Taux déclaré : { $percent } %. Il n’est pas calculé ici à partir de preuves.
declared-as-of = Taux déclaré : { $percent } % au { $date }. Il n’est pas calculé ici à partir de preuves.
source-read = (lu le { $date })
unsaid-title = Cette fiche ne dit pas encore :
unsaid-done = ce qui a été fait, en détail
unsaid-cost = ce que cela a coûté
unsaid-failed = ce qui n’a pas marché, et les enseignements
unsaid-results = les résultats chiffrés, avec leurs preuves
unsaid-commitments = les engagements
unsaid-stages = les étapes de son élaboration et leurs dates
unsaid-ask = Demander à l’auteur
link-adopted-from = repris de
link-answers = répond à
link-part-of = fait partie de
link-not-held = (pas encore arrivé sur ce nœud)
referring-adopted-from = reprend cette pratique
referring-answers = répond à cette fiche
referring-part-of = fait partie de ce programme
referring-to = répond à cette fiche
referring-about = évalue ce programme
referring-plan = porte sur ce programme
referring-practice = reprend cette pratique
referring-endorses = cosigne cette version
referring-became = est devenue ceci
referring-judged = s’appuie sur ceci
referring-answered-by = désigne ceci comme réponse
referring-practices = désigne cette pratique comme réponse
referring-merged-into = y a été fusionnée
referring-proposals = a retenu cette proposition
referring-all = Voir toutes les fiches qui y renvoient ({ $number })
banner-older = Ceci est une version antérieure de la fiche.
banner-newer = Voir la version actuelle
banner-withdrawn = Retirée par son auteur le { $date }, pour ce motif :
banner-withdrawn-by-order = Retirée sur décision des garants le { $date }, pour ce motif :
banner-disowned = Désavouée par son auteur lors du changement de clé du { $date } : elle ne compte pas.
banner-unreadable = Son contenu n’est pas lisible comme une fiche de son type. Détail technique :
banner-continued = Un autre auteur continue celui de cette fiche :
banner-continued-by = Voir sa page
table-commitments =
    { $count ->
        [one] { $shown } engagement
        *[other] { $shown } engagements
    }

## Kinds of records beside practices, plans and profiles
untitled-reply = Réponse à : { $subject }
untitled-reply-part = Réponse à : { $part } ({ $subject })
untitled-progress = Avancement de : { $part } ({ $subject })
untitled-evaluation = Évaluation de : { $subject }
untitled-evaluation-part = Évaluation de : { $part } ({ $subject })
untitled-adoption = Reprise de : { $subject }
untitled-endorse = Cosignature de : { $subject }
untitled-not-here = une fiche qui n’est pas encore ici
untitled-subject = { $kind } de { $author }
section-sought = Expérience recherchée
section-answered = Réponses que l’auteur désigne
section-attempts = Ce qui a été essayé
section-reply-to = Ce à quoi elle répond
section-practices = Pratiques qui répondent
section-became = Ce qu’elle est devenue
section-collected = Où elle a été recueillie
section-progress-of = De quoi il s’agit
section-states = État des jalons
section-participation = Participation
section-difficulties = Difficultés
section-next = La suite
section-judged = Ce qui est évalué
section-verdict = Verdict
section-method = Méthode
section-lessons = Enseignements
section-recommendations = Recommandations
section-adopted = Ce qui est repris
section-held = Lieu et programme
section-outputs = Ce qui en est sorti
section-endorsed = Ce qui est cosigné
heading-judged = Entrées sur lesquelles repose le verdict
heading-why = Pourquoi
heading-agenda = Ordre du jour
fact-addressees = Adressé à
fact-to = Répond à
fact-part = Partie
fact-plan = Programme
fact-commitment = Engagement
fact-stage = Étape
fact-occasion = Occasion
fact-date = Date
fact-decision = Décision
fact-merged = Fusionnée avec
fact-practice = Pratique
fact-adoption-state = Où en est-on
fact-place = Lieu
fact-venue = Salle ou adresse
fact-online = À distance
fact-endorses = Version
fact-capacity = En qualité de
fact-reference = Session ou décision
column-note = Ce qui a été fait
column-ogp-value = Valeur
column-early-result = Ce qui a changé
table-states = Chaque jalon avec ce qui montre son état
table-opened = Ce qui a changé pour chaque valeur du gouvernement ouvert
evidence-none = aucune preuve
whole-commitment = tout l’engagement
recommended-to = → à l’adresse de
self-assessment = Auto-évaluation : cette évaluation émane de qui met en œuvre le programme qu’elle juge.
goal = { $number }. { $name }
evidence-figures =
    { $count ->
        [one] { $shown } chiffre
        *[other] { $shown } chiffres
    }
evidence-files =
    { $count ->
        [one] { $shown } fichier
        *[other] { $shown } fichiers
    }

## Files of records
section-files = Pièces jointes
file-evidence-for = Preuve pour :
file-not-described = L’auteur n’a pas décrit ce que montre ce fichier.
file-elsewhere = Ce fichier n’est pas encore sur ce nœud. Il vient d’un nœud qui le conserve dès que quelqu’un le demande.
file-ask = Demander le fichier
file-nowhere = Il n’est pas sur ce nœud.
file-again = Demander à nouveau
file-back = Retour à la fiche
error-file-on-its-way = Le fichier est en route
    .why = Ce nœud le reçoit d’un autre. Demandez-le à nouveau dans un instant ; ce qui est arrivé n’est pas repris depuis le début.
error-file-nobody = Aucun nœud n’a donné ce fichier
    .why = Le nœud de l’auteur a été interrogé d’abord, puis les autres qui sont reliés en ce moment ; aucun ne l’a donné. Celui qui le conserve est peut-être éteint : demandez plus tard.
error-file-offline = Ce nœud n’est pas relié à son réseau
    .why = Le fichier n’est pas conservé ici, et il ne peut être demandé aux autres nœuds tant que celui-ci ne les atteint pas.
error-file-no-room = Il n’y a pas de place ici pour ce fichier
    .why = Le disque de ce nœud est plein. Prévenez qui en a la charge, ou demandez le fichier sur un autre nœud.
error-file-unfit = Ce qui est arrivé ne peut être conservé
    .why = Le fichier n’est pas du type que la fiche annonce, ou n’a pu être écrit ici. Ce qui ne correspond pas à la fiche n’est pas montré.
size-kilobytes = { $size } Ko
size-megabytes = { $size } Mo
file-type-application-pdf = PDF
file-type-application-msword = Document Word
file-type-application-vnd-ms-excel = Tableur Excel
file-type-application-vnd-ms-powerpoint = Présentation PowerPoint
file-type-application-vnd-oasis-opendocument-presentation = Présentation OpenDocument
file-type-application-vnd-oasis-opendocument-spreadsheet = Tableur OpenDocument
file-type-application-vnd-oasis-opendocument-text = Document OpenDocument
file-type-application-vnd-openxmlformats-officedocument-presentationml-presentation = Présentation PowerPoint
file-type-application-vnd-openxmlformats-officedocument-spreadsheetml-sheet = Tableur Excel
file-type-application-vnd-openxmlformats-officedocument-wordprocessingml-document = Document Word
file-type-application-json = Données JSON
file-type-audio-mpeg = Enregistrement audio MP3
file-type-image-gif = Image GIF
file-type-image-jpeg = Image JPEG
file-type-image-png = Image PNG
file-type-image-webp = Image WebP
file-type-text-csv = Tableau CSV
file-type-text-plain = Texte
file-type-video-mp4 = Vidéo MP4

## Threads and dialogue
nav-dialogue = Dialogue
thread-title = Dialogue
thread-answers = Pratiques qui répondent
thread-feed = Suivre ce dialogue (Atom)
thread-older = Réponses plus anciennes
thread-newest = Dernières réponses
thread-more = Réponses à celle-ci
thread-count =
    { $count ->
        [0] aucune réponse pour l’instant
        [one] { $shown } réponse
        *[other] { $shown } réponses
    }
dialogue-title = Défis et dialogue
dialogue-lead = Les difficultés que les collectivités partagent, ce qu’elles se demandent et ce qu’elles se répondent. Qui a une réponse la signe en son nom.
dialogue-challenges = Défis ouverts
dialogue-challenges-lead = Leurs auteurs n’ont encore désigné aucune réponse.
dialogue-challenges-none = Aucun défi n’est ouvert.
dialogue-questions = Dernières questions à une collectivité
dialogue-questions-lead = Ce qui s’adresse à quelqu’un nommément.
dialogue-questions-none = Personne n’est encore interrogé nommément.
dialogue-replies = Dernières réponses
dialogue-replies-lead = Ce qui a été dit en dernier à propos d’une fiche.
dialogue-replies-none = Personne n’a encore répondu.
dialogue-all = Toutes dans la bibliothèque
dialogue-feed = Suivre les défis et les réponses (Atom)
member-asked = Questions qui attendent sa réponse
member-asked-all = Tout ce qui lui est demandé
member-mentioned = Fiches qui la mentionnent
member-mentioned-all = Toutes les fiches qui la mentionnent

## Hidden here
hidden-title = Fiche masquée sur ce nœud
hidden-since = L’administrateur de ce nœud y masque cette fiche depuis le { $date }, pour ce motif :
hidden-why = Elle n’est masquée que sur ce nœud. Ses octets signés restent servis à quiconque les vérifie, et les autres nœuds en décident eux-mêmes.
hidden-check = Provenance et preuve

## Provenance
provenance-title = Provenance
provenance-author = Signé par
provenance-place = Lieu
provenance-admitted = Admis par
provenance-time = Date déclarée
provenance-version = Version
provenance-differences = différences
provenance-more = Empreintes et clé
provenance-id = Identifiant de la fiche
provenance-key = Clé de signature
provenance-hash = Empreinte du contenu (SHA-256)
provenance-seq = Numéro dans le journal de l’auteur

# Depuis quand une fiche existe, selon d’autres (A3).
dates-title = Existait avant le
dates-existed = { $date } : attesté par { $witnesses } des { $members } membres
dates-existed-regions = { $date } : attesté par { $witnesses } des { $members } membres, dont { $regions } d’autres régions
dates-none = Pas encore attesté : les membres confirment une fois par semaine ce qu’ils détiennent.
dates-listed = Relevé par { $by } le { $date }
dates-not-before = Pas avant le
dates-not-before-why = Son auteur avait confirmé un relevé de cette date avant de signer.
key-since = clé n° { $number } de l’auteur, depuis le { $date }
place-confirmed = confirmé par { $by } garants
place-claimed = déclaré par l’auteur, non confirmé par les garants
verify-title = Vérifier soi-même
verify-how = Téléchargez le dossier de preuve, puis contrôlez-le sur n’importe quel ordinateur, sans réseau :
verify-bundle = Dossier de preuve

## Historique
history-title = Historique
history-lead = Chaque version est signée ; aucune n’efface la précédente.
history-table = Les versions, la plus récente d’abord
history-changes = De la version { $before } à la version { $after }
history-one = Une seule version
history-one-why = L’auteur n’a pas modifié sa fiche depuis sa publication.
history-same = Le contenu des deux versions est le même.
column-version = Version
column-signed = Date déclarée
column-standing = Situation
column-changed = Ce qui a changé
column-compare = Comparer
version-current = version actuelle
version-earlier = version antérieure
version-compare = comparer à la précédente
change-old = supprimé :
change-new = ajouté :
field-title = titre
field-summary = résumé
field-names = nom
field-place = lieu
field-principles = principes
field-outcomes = effets recherchés
field-ogp-values = valeurs du gouvernement ouvert
field-themes = domaines
field-sdgs = objectifs de développement durable
field-period = période
field-status = état
field-context = contexte
field-actions = ce qui a été fait
field-beneficiaries = bénéficiaires
field-resources = ressources
field-budget = budget
field-currency = monnaie
field-funding = financement
field-staff = personnel
field-note = remarque
field-partners = partenaires
field-parties = cosignataires
field-milestones = jalons
field-results = résultats
field-indicator = indicateur
field-baseline = valeur de départ
field-value = valeur
field-unit = unité
field-participation = participation
field-difficulties = difficultés
field-lessons = enseignements
field-conditions = conditions de réussite
field-transferability = transférabilité
field-contacts = contacts
field-attachments = pièces jointes
field-licence = licence
field-external-ids = identifiants dans d’autres registres
field-sources = sources
field-address = adresse
field-translation = traduction
field-collected = recueil
field-stages = étapes
field-axes = axes
field-commitments = engagements
field-declared = taux déclarés
field-programme = cadre
field-cycle = cycle
field-start = début
field-end = fin
field-date = date
field-id = identifiant
field-name = nom
field-role = rôle
field-answers = répond à
field-adopted-from = repris de
field-part-of = fait partie de

## Quand il n’y a pas de page
error-not-found = Cette page n’est pas ici
    .why = L’adresse est fausse, ou la fiche n’est pas encore arrivée sur ce nœud.
    .next = Vérifiez l’adresse, cherchez dans la bibliothèque, ou réessayez un peu plus tard.
error-bad-request = L’adresse de cette page ne se comprend pas
    .why = L’adresse contient un paramètre inconnu ou une valeur non admise.
    .next = Revenez à la bibliothèque et choisissez de nouveau.
error-too-large = Ce que vous avez envoyé est trop grand
    .why = Un fichier a 20 Mo au plus. Rien de ce qui a été envoyé n’est enregistré.
    .next = Revenez au formulaire par le bouton Retour du navigateur, et choisissez un fichier plus petit ou partagez-le en plusieurs.
error-ambiguous = Plusieurs identifiants commencent ainsi
    .why = L’identifiant abrégé de l’adresse désigne plus d’une fiche.
    .next = Écrivez plus de chiffres de l’identifiant.
error-forbidden = Cette opération n’est pas permise
    .why = Votre rôle au bureau ne la permet pas, ou la demande vient d’un autre site.
    .next = Connectez-vous avec un compte qui a ce rôle, ou adressez-vous à l’administrateur du bureau.
error-too-often = Trop de demandes en peu de temps
    .why = Ce nœud sert beaucoup de lecteurs et donne à chacun sa part.
    .next = Attendez une minute, puis réessayez.
error-busy = Le nœud n’est pas disponible pour l’instant
    .why = Il est très occupé, ou en train de s’arrêter ou de redémarrer.
    .next = Réessayez dans une minute ; les mêmes fiches se trouvent chez les autres membres.
error-fault = Une panne de ce nœud
    .why = Le nœud n’a pas pu faire la page ; la cause est dans son journal technique.
    .next = Réessayez, et prévenez la collectivité qui tient le nœud si cela se répète.
error-status = Code d’erreur : { $status }

## Drafts and their forms
form-kind-practice = Une action qui a réussi chez vous, racontée pour que d’autres la reprennent.
form-kind-challenge = Une difficulté pour laquelle vous cherchez l’expérience des autres.
form-kind-reply = Une réponse, une question ou une remarque sur une fiche.
form-kind-adoption = Vous reprenez la pratique d’une autre collectivité : où vous en êtes.
form-kind-plan = Le programme d’ouverture : ses étapes, ses axes, ses engagements.
form-kind-proposal = Une idée recueillie en concertation, et ce qu’elle est devenue.
form-kind-progress = Où en est un engagement du programme, avec les preuves.
form-kind-evaluation = Un avis sur un programme ou un engagement, après examen.
form-kind-event = Une rencontre ou un atelier : quand, où, avec qui, et ce qui en est sorti.
form-kind-endorse = Vous cosignez un texte publié par une autre collectivité.
form-kind-profile = Qui vous êtes : nom, niveau, contacts.
form-section-essential = L’essentiel
form-section-done = Ce qui a été fait
form-section-results = Les résultats
form-section-cost = Les moyens
form-section-learnt = Les enseignements
form-section-people = Les personnes et les contacts
form-section-aims = Les thèmes et les objectifs
form-section-links = Les liens avec d’autres fiches
form-section-basis = Les sources et les fichiers
form-section-situation = La situation
form-section-stages = Les étapes du processus
form-section-axes = Les axes
form-section-commitments = Les engagements
form-section-follow-up = Les dates et les taux déclarés
form-section-collected-at = Où l’idée a été recueillie
form-section-became = Ce qu’elle est devenue
form-section-milestones = L’état des jalons
form-section-more = Autres précisions
form-section-verdict = Les critères
form-section-method = La méthode
form-section-held = Le déroulement
form-section-outputs = Les résultats de la rencontre
form-section-decision = La décision
form-section-frameworks = Les cadres rejoints
form-required = obligatoire
form-wanted = souhaité
form-choose = Choisir
form-none-chosen = Rien de choisi
form-yes = oui
form-item = { $one } { $number }
form-add = Ajouter : { $one }
form-remove = Retirer
form-earlier = Monter
form-later = Descendre
form-not-held = Fiche non reçue ici ({ $id })
form-place-how = Le code officiel ou le nom ; recherché à l’enregistrement.
form-place-unknown = Aucun lieu de ce nom. Essayez une autre graphie ou le code officiel.
form-record-newest = Les plus récentes :
form-record-found = Trouvées :
form-record-unknown = Aucune fiche ne correspond. Essayez d’autres mots, ou collez l’adresse de sa page.
form-record-look = Rechercher : { $label }
form-record-words = Mots du titre, ou adresse de la page
form-record-find = Rechercher
form-problem-other = { $text }
form-problem-unknown-field = Ce champ n’est pas connu.
form-problem-missing = Ce champ est obligatoire.
form-problem-empty = Rien n’est écrit ici : remplissez ou retirez.
form-problem-wrong-type = Écrivez un nombre entier, en chiffres.
form-problem-bad-date = Écrivez la date ainsi : 2026, 2026-11 ou 30/11/2026.
form-problem-end-before-start = La fin précède le début.
form-problem-bad-place = Lieu inconnu : choisissez parmi les propositions ou écrivez le code officiel.
form-problem-other-level = C’est le code d’un autre niveau.
form-problem-no-principle = Choisissez au moins un principe.
form-problem-unknown-code = Ce code n’est pas dans la liste.
form-problem-bad-language = Le code de langue n’est pas valable.
form-problem-bad-number = Écrivez un nombre, comme 44 ou 2,5.
form-problem-out-of-range = Le nombre est trop petit ou trop grand.
form-problem-bad-id = Fiche non choisie : recherchez-la et choisissez-la.
form-problem-bad-address = Une adresse commence par http:// ou https://.
form-problem-repeated = Ce nom interne est utilisé deux fois.
form-problem-unknown-axis = Cet axe n’est pas dans le programme.
form-problem-encoding = Le texte est trop long pour une seule fiche : répartissez-le.
form-problem-not-held = Aucune fiche de cet identifiant ici.
form-problem-ambiguous-id = Plusieurs fiches correspondent : écrivez l’identifiant en entier.
form-problem-other-kind = Cette fiche est d’un autre type.
form-problem-no-commitment = Cet engagement n’est pas dans le programme.
form-problem-no-milestone = Ce jalon n’est pas dans l’engagement.
form-problem-not-own = Cette fiche est celle d’une autre collectivité.
form-problem-other-place = Cette fiche se trouve à un autre endroit du journal.
form-problem-too-large = Le fichier dépasse la taille admise.
form-problem-too-many-files = Ce brouillon a trop de fichiers : retirez-en, ou répartissez-les sur plusieurs fiches.
form-problem-file-empty = Le fichier est vide.
form-problem-file-type = Ce type de fichier n’est pas accepté. Enregistrez-le en PDF ou en image PNG, puis recommencez.
form-problem-file-other-type = Le contenu n’est pas du type que son nom annonce. Ouvrez le fichier et enregistrez-le de nouveau dans le bon format.
form-problem-store-read-only = Le disque de ce nœud est plein. Prévenez qui en a la charge.
form-problem-files-waiting = Les fichiers des brouillons occupent toute la place qui leur est réservée. Publiez des brouillons ou supprimez-en.
form-problem-folder-unwritable = Le fichier n’a pu être écrit sur ce nœud. Prévenez qui en a la charge.
form-warning-file-alt = Un fichier n’a pas de description pour qui ne le voit pas.
form-warning-file-missing = Un fichier que cette fiche nomme n’est pas sur ce nœud.
form-warning-self-assessment = Vous évaluez un programme que vous exécutez : il paraîtra comme auto-évaluation.
form-warning-unresolved = La fiche indiquée n’est pas encore arrivée : ce sera signalé d’ici là.
form-warning-withdrawn = La fiche indiquée est retirée.
form-warning-not-counting = La fiche indiquée ne compte plus.
form-warning-older-version = Il existe une version plus récente de la fiche indiquée.
form-warning-not-implementer = Vous n’êtes pas chargés de ce programme : votre rapport ne comptera pas dans son taux.
form-warning-own-record = La fiche indiquée est la vôtre.
form-title = Titre
    .help = Une phrase courte qui se comprend seule.
form-summary = Résumé
    .help = Deux ou trois phrases : quoi, pour qui, sans avoir à lire la suite.
form-principles = Principes d’ouverture
    .help = Au moins un.
form-context = Contexte et problème
    .help = Quelle était la situation avant ?
form-actions = Ce que vous avez fait
    .help = Les étapes, dans l’ordre, avec des mots simples.
form-beneficiaries = Bénéficiaires
form-period = Période
form-start = Début
    .help = Année, mois ou jour : 2026, 2026-11 ou 30/11/2026.
form-end = Fin
form-ongoing = Se poursuit, sans date de fin
form-status = État d’avancement
form-place = Lieu
    .help = S’il s’agit d’un autre lieu que le vôtre.
form-milestones = Jalons
    .one = Jalon
form-milestones-title = Quoi
form-milestones-date = Jour
form-output = Ce qui sera visible
form-results = Résultats
    .one = Résultat
    .help = Un chiffre avant, un chiffre après, et d’où il vient.
form-indicator = Ce qui est mesuré
form-baseline = Chiffre avant
form-value = Chiffre atteint
form-unit = Unité
    .help = Par exemple : %, MAD, personnes.
form-date = Date
form-source = Page où vérifier
form-note = Remarque
form-participation = Participation en chiffres
    .one = Chiffre de participation
form-occasion = Occasion
form-people = Personnes
form-women = Dont femmes
form-youth = Dont jeunes
form-organisations = Organisations
form-resources = Moyens
form-budget = Budget
    .help = En unités entières de la monnaie.
form-currency = Monnaie
    .help = Vide : le dirham.
form-funding = Financement
form-staff = Agents (équivalent plein temps)
form-difficulties = Difficultés
form-lessons = Ce que vous avez appris, et ce qui a échoué
    .help = Ce qui a échoué aide les autres plus que ce qui a réussi.
form-conditions = Conditions de réussite
form-transferability = Ce qu’une autre collectivité peut reprendre
form-contacts = Contacts
    .one = Contact
    .help = Une fonction, pas une personne : valable quand l’agent change.
form-function = Fonction
form-email = Courriel
form-phone = Téléphone
form-page = Page
form-partners = Partenaires
    .one = Partenaire
form-name = Nom
form-role = Rôle
form-partners-place = Lieu, si c’est une collectivité
form-lead = Responsable
form-lead-place = Lieu, si c’est une collectivité
form-parties = Collectivités appelées à cosigner
    .one = Collectivité
form-parties-place = Collectivité
form-author = Son identifiant
    .help = Le lieu suffit en général.
form-addressees = Destinataires
    .one = Collectivité
    .help = Vide : à tous.
form-addressees-place = Collectivité
form-themes = Domaines d’action publique
form-outcomes = Résultats visés
form-ogp-values = Valeurs du gouvernement ouvert
form-sdgs = Objectifs de développement durable
form-answers = Défis auxquels elle répond
form-adopted-from = Pratiques dont elle s’inspire
form-part-of = Programme dont elle fait partie
form-more = Autres champs, facultatifs
form-attachments = Fichiers
    .one = Fichier
form-attachments-name = Nom du fichier
form-file-choose = Ajouter un fichier
form-file-limits = PDF, document bureautique, image, texte ou tableau CSV, de { $size } au plus.
form-file-attach = Joindre et enregistrer
form-file-open = Ouvrir le fichier
form-file-too-large = Ce fichier dépasse { $size } : il ne peut être joint.
form-alt = Description pour qui ne le voit pas
form-sources = Pages publiques de référence
    .one = Page
form-address = Adresse
form-sources-title = Titre de la page
form-read = Consultée le
form-external-ids = Références dans d’autres registres
    .one = Référence
form-scheme = Registre
    .help = Par exemple : ogp, remacto.
form-external-ids-id = Numéro ou nom
form-licence = Licence
    .help = Par exemple : CC-BY-4.0.
form-translation = Langue d’origine et traductions
form-original = Langue d’origine
form-translated = Traduit en
form-translation-note = Traduit par
form-sought = Ce que vous demandez aux autres
form-attempts = Ce que vous avez essayé, et le résultat
form-answered-by = Réponses qui vous ont servi
form-challenge-context = Quand et où la difficulté apparaît
form-challenge-beneficiaries = Qui elle touche
form-programme = Cadre
form-cycle = Cycle
    .help = 1 pour le premier programme, 2 pour le deuxième.
form-stages = Étapes
    .one = Étape
form-stage = Étape du processus
form-stages-title = Ce qui a été organisé
form-reference = Référence du procès-verbal ou de la décision
form-axes = Axes
    .one = Axe
form-axes-title = Nom de l’axe
form-commitments = Engagements
    .one = Engagement
form-commitments-title = Intitulé
form-axis = Axe
form-problem = Problème public
form-status-quo = Situation actuelle
form-action = Ce qui sera fait
form-contribution = En quoi cela y répond
form-goal = Objectif à long terme
form-proposals = Propositions dont il est issu
form-declared = Taux publiés par d’autres
    .one = Taux
form-percent = Pourcentage
form-as-of = Au
    .help = Date à laquelle c’était la situation.
form-plan = Programme
form-date-collected = Recueillie le
form-became = Devenir
form-state = Décision
form-merged-into = Fusionnée dans
form-became-reason = Motif
form-became-plan = Programme de l’engagement
form-commitment = Engagement
form-milestone = Jalon
form-progress-milestones = État de chaque jalon
    .one = Jalon
    .help = Pour chaque jalon une preuve : un chiffre, un fichier ou une page.
form-milestones-status = Où il en est
form-milestones-note = Ce qui a été fait, ou pourquoi il est abandonné
form-milestones-results = Chiffres qui le montrent
    .one = Chiffre
form-milestones-sources = Pages qui le montrent
    .one = Page
form-progress-summary = Ce qui s’est passé
form-next = La suite
form-evaluation-about = Programme évalué
form-evaluation-commitment = Engagement, s’il s’agit d’un seul
form-evaluation-summary = L’avis, en quelques phrases
form-completion = Degré de réalisation
form-verifiable = La réalisation est-elle vérifiable ?
form-relevant = Est-ce lié à l’ouverture ?
form-ambition = Ambition
form-early-results = L’action publique s’est-elle ouverte ?
form-opened = Par valeur
    .one = Valeur
form-opened-value = Valeur
form-result = Ce qui a changé
form-judged = Ce sur quoi l’avis repose
form-method = Comment l’évaluation a été menée
form-recommendations = Recommandations
    .one = Recommandation
form-recommendations-text = Texte
form-practice = Pratique reprise
form-adoption-state = Où vous en êtes
form-adaptation = Ce que vous avez changé, et pourquoi
form-adoption-period = Période
form-to = Ce à quoi vous répondez
form-part = Partie concernée
form-text = Texte
form-practices = Pratiques qui répondent
form-event-period = Quand
form-venue = Salle ou adresse
form-online = Lien pour suivre à distance
form-agenda = Ordre du jour
form-outputs = Ce qui en est sorti
form-endorses = Texte cosigné
form-capacity = En qualité de
form-endorse-note = Réserves ou conditions
form-names = Nom
form-level = Niveau
form-code = Code officiel
form-parent = Collectivité de rattachement
form-profile-summary = Présentation
form-site = Site web
form-frameworks = Cadres
    .one = Cadre
form-framework = Cadre
form-since = Depuis
form-reason = Motif
form-withdraw-reason = Motif
    .help = Il reste publié à la place de ce que vous retirez.
form-basis = Base juridique
form-all-versions = Retirer toutes les versions
draft-first = Publier une bonne pratique
draft-other = Autre chose
draft-list = Brouillons
draft-none = Aucun brouillon pour le moment.
draft-new = Nouveau brouillon
draft-new-lead = Que voulez-vous publier ? Rien ne paraît avant relecture et signature.
draft-choose-share = Partager et dialoguer
draft-choose-plan = Le programme d’ouverture
draft-choose-other = Autres
draft-waiting = En attente de publication
draft-writing = En cours d’écriture
draft-published = Publiés récemment
draft-untitled = Sans titre
draft-for-you = Attend votre décision
draft-meter-short = Rempli : { $text }
draft-changed-by = Modifié par { $name }, { $when }
draft-asked-by = Publication demandée par { $name }, { $when }.
draft-signing-by = Signature en cours : { $name }, { $when }
draft-published-by = Publié par { $name }, { $when }
draft-returned-by = Renvoyé par { $name }, { $when } :
draft-title = Nouveau brouillon : { $kind }
draft-title-revision = Nouvelle version : { $kind }
draft-title-withdrawal = Retirer une fiche
draft-replaces = Remplacera :
draft-takes-back = Retirera :
draft-saved = Brouillon enregistré.
draft-saved-at = Enregistré à { $when }
draft-saving = Enregistrement…
draft-offline = La connexion au nœud est perdue.
draft-kept = Votre texte est gardé dans ce navigateur et sera enregistré au retour.
draft-restored = Votre texte d’avant la coupure est rétabli.
draft-waiting-why = Toute modification demandera une nouvelle demande.
draft-no-faults = Aucune erreur : vous pouvez relire et publier.
draft-save = Enregistrer
draft-check = Vérifier
draft-preview = Relire avant publication
draft-languages = Langues d’écriture
draft-languages-which = Langues dans lesquelles vous écrivez
draft-languages-set = Appliquer
draft-meter-title = État de la fiche
draft-meter = { $filled } sur { $wanted } remplis
draft-lacking = Il manque, pour une bonne fiche :
draft-complete = Rien ne manque.
draft-translation = Traduction
draft-discard = Supprimer le brouillon
draft-discard-why = Il ne pourra pas être récupéré.
draft-discard-now = Supprimer définitivement
draft-conflict-title = Quelqu’un d’autre a modifié ce brouillon
draft-conflict-who = { $name } l’a modifié, { $when }.
draft-conflict-why = Votre texte n’a rien écrasé. Comparez, puis choisissez.
draft-conflict-table = Ce qui diffère
draft-conflict-field = Champ
draft-conflict-theirs = Son texte, enregistré
draft-conflict-own = Le vôtre, pas encore enregistré
draft-conflict-take-theirs = Garder le sien
draft-conflict-take-own = Enregistrer le mien à la place
draft-conflict-note = Si vous gardez le sien, le vôtre n’est pas enregistré : copiez d’abord ce qu’il vous faut.
draft-conflict-script = { $name } l’a modifié, { $when }. Cliquez sur « Enregistrer » pour comparer et choisir ; rien n’est perdu.
preview-title = Relecture avant signature
preview-in = Tel qu’il sera lu : { $language }
preview-data = Tout ce qui sera signé, sous forme de données
preview-signed = Ce que le nœud signera
preview-kind = Type
preview-time = Date
preview-size = Taille
preview-final = Une fois signé, il ne peut pas être effacé. Il peut être mis à jour ou retiré, et cela restera visible.
preview-withdrawal = Retrait d’une fiche
preview-read = En cliquant, vous confirmez avoir relu ce qui sera signé au nom de la collectivité.
preview-publish = Signer et publier
preview-ask = Demander la publication
preview-ask-why = Une autre personne habilitée le relira et le publiera.
preview-wait = En attente de l’accord d’une autre personne.
preview-signing = Signature en cours. Rechargez la page dans un instant.
preview-edit = Revenir à l’écriture
preview-return = Renvoyer à l’auteur
preview-remark = Que faut-il changer ?
preview-return-now = Renvoyer
act-title = Que voulez-vous faire ?
act-revise = Mettre à jour
act-withdraw = Retirer
act-reply = Répondre
act-adopt = Reprendre cette pratique
act-answer = Répondre par une pratique
act-evaluate = Évaluer
act-report = Rendre compte de l’avancement
act-endorse = Cosigner
act-propose = Ajouter une proposition
draft-faults =
    { $count ->
        [one] { $shown } point à corriger
        *[other] { $shown } points à corriger
    }
draft-more-texts =
    { $count ->
        [one] et { $shown } autre texte
        *[other] et { $shown } autres textes
    }
draft-bytes =
    { $count ->
        [one] { $shown } octet
        *[other] { $shown } octets
    }

## Membres
members-lead = Qui appartient au réseau, compté à partir des entrées signées : aucun nombre n’est stocké, il est recalculé pour chaque date.
members-date = À la date du
members-show = Afficher
members-today = Revenir à aujourd’hui
members-now = Aujourd’hui
members-as-of = Au { $date }
members-regions = Par région
members-list = Liste des membres
members-none = Aucun membre à cette date.
members-none-next = Choisissez une date plus récente, ou attendez l’arrivée des entrées des garants.
members-others = Autres auteurs connus ici
members-others-why = Ils ne sont pas membres à cette date ; la situation dit pourquoi.
map-title = Nombre de membres dans chacune des douze régions
map-about = Carte simplifiée : une case de même taille par région, à sa place approximative ; le tableau voisin donne les mêmes nombres.
column-number = N°
column-region = Région
column-regions = Régions
column-provinces = Préfectures et provinces
column-communes = Communes
column-all = Total
column-member = Nom
column-level = Niveau
column-place = Code officiel
column-since = Demande d’adhésion
column-admitted = Admis par des garants
column-state = Situation
column-entries = Entrées du journal
place-is-confirmed = confirmé par les garants
place-is-claimed = non confirmé
member-member = membre
member-admitted = admis, sa demande n’est pas arrivée
member-suspended = suspendu
member-left = parti
member-closed = journal fermé
member-candidate = candidature
member-outside = hors du réseau
member-steward = garant
log-title = Journal de { $name }
log-heading = Tout ce qui a été signé
log-what = Le journal, du plus récent au plus ancien : chaque écriture nomme la précédente par son empreinte. Ce qu’un changement de clé a laissé de côté, ou ce qui se trouve au-delà d’une bifurcation, est montré avec sa marque.
log-seq = N°
log-claimed = Date déclarée
log-kind = Écriture
log-standing = État
log-id = Identifiant
log-counts = fait foi
log-disowned-on = par un changement de clé du { $date }
log-dated = À côté de chaque écriture figure la date avant laquelle elle existait, selon les membres qui ont confirmé un relevé où elle se trouve.
log-not-witnessed = pas encore attesté
log-lists =
    { $count ->
        [one] relève la tête de { $shown } journal
        *[other] relève les têtes de { $shown } journaux
    }
log-confirms = confirme le relevé de { $by } du { $date }
log-confirms-not-held = confirme un relevé de { $by } qui n’est pas conservé ici
log-forked = journal bifurqué
log-contested = journal contesté
log-not-held = journal non conservé ici
published-title = Nombres publiés
published-why = Ce qui a été publié sur le nombre de membres du réseau marocain, ici additionné. La source n’est pas corrigée : l’écart est montré.
published-total = Total déclaré
published-sum = régions + préfectures et provinces + communes
published-verdict = Vérification
published-agrees = concordant
published-source = Source
published-from-saidia = article sur la rencontre de Saïdia, novembre 2024
published-from-sinpress = chapeau d’un article de sinpress.ma
member-suspended-by = Suspendu par
member-records = Ce qu’il a publié
member-no-records = Ce membre n’a encore rien publié.
member-all = Toutes les fiches de ce membre
member-standing = Situation et preuves
member-continues = Continue
member-continued-by = Continué par
member-id = Identifiant de l’auteur
member-feed = Nouveautés de ce membre (Atom)
member-log = Le journal entier (JSON)
members-total =
    { $count ->
        [one] { $shown } membre
        *[other] { $shown } membres
    }
members-unconfirmed =
    { $count ->
        [one] { $shown } de niveau non confirmé
        *[other] { $shown } de niveau non confirmé
    }
published-differs =
    { $count ->
        [one] diffère de la somme de { $shown }
        *[other] diffère de la somme de { $shown }
    }

## Réseau
network-none = Ce nœud n’appartient encore à aucun réseau
network-lead = Pas de serveur central : chaque membre a son nœud, et chaque nœud garde les fiches de tous. Voici ce que celui-ci voit en ce moment.
network-old = Aucune parole des garants n’est arrivée depuis plus de trois mois. Ce nœud est peut-être coupé du réseau : vérifiez sa connexion.
network-nodes = Nœuds
network-connected = Nœuds reliés en ce moment : { $nodes }.
network-alone = Ce nœud n’en connaît aucun autre.
network-alone-next = Les nœuds se trouvent par une invitation ou sur le même réseau local. Demandez une invitation à un membre.
network-table = Les nœuds connus : leur état et sa cause, le chemin, l’écart avec celui-ci
graph-title = Ce nœud et ceux qu’il connaît
graph-about = Ce nœud est au centre, les autres autour ; le tableau qui suit donne les mêmes informations.
legend-direct = relié directement
legend-relayed = relié par un relais
legend-away = non relié
column-node = Nœud
column-why = Cause
column-path = Chemin
column-lag = Écart
column-seen = Dernier signe
column-round-trip = Aller-retour
peer-connected = relié
peer-dialling = appel en cours
peer-away = absent
peer-banned = banni
path-lan = réseau local
path-direct = Internet
path-relayed = par un relais
why-unreachable = pas de réponse
why-other-peer = un autre nœud répond à cette adresse
why-own-address = c’est l’adresse de ce nœud
why-full = plus de place
why-closed = connexion fermée
why-broken = connexion rompue
why-silent = aucun signe de vie
why-other-network = appartient à un autre réseau
why-banned = refusé ici
lag-none = à jour
lag-unknown = pas encore comparé
network-charter = Charte
network-stewards = Garants
network-last-statement = Dernière parole des garants : { $date }
network-versions = Versions de la charte
network-licence = Licence : { $licence }
network-id = Identifiant du réseau
charter-version = Charte, version { $number }
charter-older = Ceci est une version antérieure de la charte.
charter-current = Lire la version en vigueur
charter-approved = Qui l’a approuvée et quand
charter-votes = Garants qui l’ont approuvée : { $votes }
charter-times = Les dates sont celles que chaque garant a déclarées en signant.
charter-hash = Empreinte du texte
charter-before = Version précédente
charter-after = Version suivante
network-k =
    { $count ->
        [one] { $shown } garant suffit pour décider.
        *[other] { $shown } garants décident ensemble.
    }

# Relevés des têtes : ce que les relevés des garants disent du réseau (A4, Y6).
heads-title = Relevés des têtes
heads-lead = Une fois par semaine, chaque garant signe un relevé de la dernière écriture de chaque journal, et les membres le confirment. Quiconque réécrit ensuite un journal contredit ces relevés.
heads-last = Le dernier relevé est celui de { $by }, du { $date }.
heads-none = Aucun relevé n’a encore été signé.
heads-fit = Les relevés concordent, et tout ce qu’ils nomment est détenu ici ou en chemin.
heads-two = Deux relevés nomment des écritures différentes au numéro { $seq } du journal de { $author } : l’un de { $one }, l’autre de { $other }. Les deux ne peuvent être vrais ; quelqu’un a reçu un autre journal.
heads-back = { $one } a relevé le journal de { $author } jusqu’au numéro { $seq }, puis seulement jusqu’au numéro { $back }. Un nœud n’oublie rien de ce qu’il a pris : ses données ont été remplacées par de plus anciennes, ou il cache ce qu’il sait.
heads-two-next = Gardez les deux relevés, ils sont la preuve ; demandez à l’auteur et aux garants nommés ici comment cela s’est produit.
heads-not-supplied = { $by } a relevé le journal de { $author } jusqu’au numéro { $seq }, et aucun nœud n’a fourni cette écriture depuis.
heads-not-supplied-next = Ce nœud continue de la demander. Demandez au garant ou à l’auteur un fichier de preuve de ce journal.
heads-proof = Les relevés signés :

lag-here =
    { $count ->
        [one] il manque ici { $shown } entrée
        *[other] il manque ici { $shown } entrées
    }
lag-there =
    { $count ->
        [one] il lui manque { $shown } entrée
        *[other] il lui manque { $shown } entrées
    }
milliseconds =
    { $count ->
        [0] moins de 1 ms
        [one] { $shown } ms
        *[other] { $shown } ms
    }

## Aide et données ouvertes
help-read = Lire une fiche
help-read-first = Une fiche commence par ce qui a été fait, ce que cela a coûté et ce qui n’a pas marché. Ce que l’auteur n’a pas dit figure à la fin, pour que vous puissiez le lui demander.
help-read-state = L’état indiqué est celui que déclare l’auteur. Un taux déclaré est montré comme une déclaration, pas comme un calcul.
help-read-language = Un texte qui n’existe pas dans la langue de la page est affiché dans la sienne, qui est indiquée. Les traductions sont de l’auteur.
help-trust = Pourquoi s’y fier
help-trust-signed = Chaque fiche est signée par son auteur, et la signature est contrôlée à nouveau à chaque affichage. Un seul caractère changé, et elle n’est plus valable.
help-trust-place = Que l’auteur soit bien cette collectivité, ce sont les garants qui le confirment ; leur nombre figure à côté de chaque fiche.
help-trust-copies = Chaque nœud garde une copie des fiches de tous : personne ne peut effacer ou réécrire en cachette ce qui a été publié.
audit-title = Vérifier un fichier
audit-what = Un dossier de preuve est vérifié ici à mesure qu’il arrive et n’est pas conservé. Pour tout un réseau, ou si vous ne faites confiance à aucun nœud, lancez multaqa verify sur votre ordinateur.
audit-file = Dossier de preuve
audit-against = Un autre, à comparer
audit-against-why = Les fichiers de deux membres montrent qui en détient le plus, et s’ils se contredisent.
audit-check = Vérifier
audit-no-file = Aucun fichier n’a été choisi. Choisissez un dossier de preuve, puis recommencez.
audit-too-large = Les fichiers dépassent { $count } Mo, plus que ce qu’un nœud vérifie sur cette page. Utilisez la commande multaqa verify.
audit-cut-off = Le fichier n’est pas arrivé entier : la liaison a été coupée. Renvoyez-le.
audit-link = ou faites-le vérifier par un nœud
member-compare = Comparer avec ce que détient un autre nœud
member-compare-how = Prenez le dossier de preuve de ce membre ici et sur la page d’un autre nœud, puis faites vérifier les deux ensemble : on voit qui en détient le plus, et s’ils se contredisent.
help-verify = Vérifier hors ligne
help-verify-how = La page de chaque fiche a un bouton « Dossier de preuve ». Téléchargez-le, portez-le sur un ordinateur où se trouve la commande multaqa, puis lancez :
help-verify-verdict = La réponse est l’une des trois : signature vérifiée, falsifié ou altéré, indécidable s’il manque quelque chose.
help-publish = Publier une fiche
help-publish-how = Le point focal publie depuis l’ordinateur de la collectivité : il remplit un modèle, le programme montre ce qui sera signé, puis signe.
help-publish-revise = Ce qui est publié ne s’efface pas : on publie une nouvelle version, ou on retire la fiche en disant pourquoi.
help-absent = Si une fiche manque
help-absent-late = Elle n’est peut-être pas encore arrivée : la page du réseau montre ce qui manque ici.
help-absent-withdrawn = Ou elle a été retirée : sa place reste visible avec le motif, son contenu est effacé.
help-terms = Ce que disent les mots
term-verified = Signé par la clé que nomme le journal de l’auteur.
term-forged = Pas signé par cette clé : ne vous y fiez pas et prévenez la collectivité qui tient le nœud.
term-undecided = L’entrée qui nomme la clé manque.
term-disputed = L’auteur a écrit deux entrées contraires au même endroit, et il n’est pas tranché laquelle compte.
term-disowned = L’auteur a dit, en changeant de clé, qu’il ne l’a pas écrite.
term-withdrawn = Retirée par l’auteur ou par les garants.
term-beyond-cut = Écrite après la suspension de l’auteur.
data-lead = Tout ce que montrent ces pages est aussi à la disposition des programmes, avec les mêmes entrées signées.
data-licence = Licence de ce que publie le réseau :
data-table = Adresses pour les programmes
data-more = Les réponses sont en JSON, sauf indication contraire. Les identifiants ont 64 chiffres hexadécimaux, les dates sont en millisecondes depuis 1970.
column-address = Adresse
column-gives = Ce qu’elle donne
route-csv = toutes les fiches en un tableau pour un tableur
route-jsonld = toutes les fiches en données liées (JSON-LD)
route-atom = nouvelles fiches (Atom)
route-catalog = description des jeux de données pour les portails (DCAT)
route-openapi = description de l’interface (OpenAPI)
route-records = les fiches, les plus récentes d’abord, avec des filtres
route-members = les membres et les totaux, aujourd’hui ou à une date
route-network = la charte et les garants
route-peers = les autres nœuds et leur état
route-status = l’état de ce nœud
route-bundle = un dossier de preuve avec tout ce qui est conservé ici
terms-title = Les notions qui relient les langues
terms-lead = Chercher dans une langue trouve ce qui est écrit dans une autre : chaque notion a ses mots en arabe, en français et en anglais.
terms-more = Chacun peut proposer une notion ou un mot : la table est un fichier du programme (node/data/thesaurus.csv).
terms-table =
    { $count ->
        [one] { $shown } notion
        *[other] { $shown } notions
    }

## The e-mail digest
digest-subject = Multaqa, { $time } : ce qui est nouveau et ce qui nous attend
digest-new = Nouveau dans le réseau
digest-by = { $title } — { $author }
digest-overdue = Étapes en retard de nos plans
digest-due = { $title } — échéance le { $date }
digest-rest = Au bureau et sur le nœud
digest-alone = Le nœud est { $nodes }
digest-more =
    { $count ->
        [one] et { $shown } autre
        *[other] et { $shown } autres
    }
digest-foot = Envoyé par le nœud de la collectivité. Qui en a la charge modifie ou arrête cet envoi dans config.toml, sous [digest].
