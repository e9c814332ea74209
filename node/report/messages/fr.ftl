# Textes des vérifications, en français.

## Le verdict
verdict-verified = VÉRIFIÉ : tout y est valide et rien de nécessaire ne manque.
verdict-forged = FALSIFIÉ : quelqu’un a fabriqué ou altéré des octets, et une règle est enfreinte.
verdict-undecided = INDÉCIDABLE : quelque chose manque, ou relève d’une version ultérieure.

## Ce qui est constaté
finding-at = octet { $at }
finding-bundle = le fichier lui-même n’est pas comme un dossier de preuve doit être
finding-entry = une écriture est invalide par ses propres octets
finding-ancestors = une écriture ne convient pas au journal où elle se trouve
finding-parent-invalid = l’écriture précédente est invalide
finding-body-unclaimed = un contenu n’appartient à aucune écriture
finding-body-length = un contenu a une autre longueur que celle annoncée
finding-parent-missing = l’écriture précédente n’est pas incluse
finding-about-missing = l’objet du dossier n’y est pas inclus
finding-charter-missing = la charte n’est pas incluse
finding-log-missing = le journal d’un garant ou d’un auteur inscrit n’est pas inclus
finding-network-body-missing = le contenu d’une déclaration sur le réseau n’est pas inclus
finding-too-large = le fichier contient plus que ce que ce programme peut retenir : à partir d’ici, rien n’a été jugé. Demandez un fichier d’un seul journal ou d’une seule fiche
finding-torn = la dernière écriture a été coupée, comme lors d’une panne
finding-forked = le journal est bifurqué : deux écritures en suivent une
finding-contested = le journal est contesté : des changements de clé se contredisent
finding-disowns = un changement de clé désavoue des écritures
finding-unplaced = signée par une clé de l’auteur, mais son journal n’est pas inclus : une ancienne clé volée aurait pu la faire
finding-log-cut-off = un relevé montre d’un journal plus que ce fichier n’en contient
finding-head-not-here = un relevé nomme une écriture absente de ce fichier, alors que d’autres occupent sa place
finding-body-malformed = un contenu est illisible
finding-present-though-withdrawn = un contenu retiré est néanmoins inclus
finding-body-cut-off = un contenu n’appartient à aucune écriture : une écriture sur disque a été coupée, comme lors d’une panne

## La page
report-title = Rapport de vérification
about-file = Fichier
about-bytes = Longueur
about-bytes-count = { $count } octets
about-sha256 = SHA-256 du fichier
about-scope = Ce qu’il contient
about-about = Identifiant de son objet
about-network = Réseau
about-made = Produit le, selon l’horloge de qui l’a produit
about-checked = Vérifié le, selon l’horloge de qui l’a vérifié
about-program = Vérifié avec
scope-network = tous les journaux d’un réseau
scope-author = le journal d’un auteur
scope-entry = une fiche, avec le journal qui y mène
scope-journal = ce que conserve un nœud
checks-title = Ce qui a été vérifié
state-holds = en règle
state-noted = en règle, avec une remarque
state-broken = enfreint
state-open = indécidable
state-not-here = pas dans ce fichier, ce qui n’est pas un défaut
findings-more = et d’autres : { $count }

## Vérifications
check-file = Le fichier
check-file-what = Ses premier et dernier éléments, leur ordre, et l’empreinte de tous les octets.
check-entries = La forme des écritures
check-entries-what = Chaque écriture par ses propres octets, un seul codage étant admis. Écritures : { $count }
check-signatures = Les signatures
check-signatures-what = Chacune avec la clé que montre à cet endroit le journal de l’auteur. Signatures : { $count }
check-chain = La chaîne de chaque journal
check-chain-what = Chaque écriture nomme la précédente par son empreinte : rien ne peut être changé, ajouté ou ôté entre les deux. Journaux : { $count }
check-history = Une seule histoire par journal
check-history-what = Aucun auteur ne dit une chose aux uns et une autre aux autres ; ce que désavoue un changement de clé. Journaux : { $count }
check-contents = Les contenus
check-contents-what = Chaque contenu appartient à une écriture par son empreinte et sa longueur. Contenus : { $count }
check-withdrawals = Les retraits
check-withdrawals-what = Ce que son auteur ou les garants ont retiré ne doit plus s’y trouver. Retirés : { $count }
check-network = Le réseau
check-network-what = La charte, les garants, et ceux qu’ils ont admis. Membres : { $count }
check-dates = Les dates que d’autres confirment
check-dates-what = Les relevés des garants, leurs attestations par les membres, et si les journaux vont aussi loin qu’ils le disent. Relevés qui montrent une fiche de la liste : { $count }

## Fiches et journaux
records-title = Fiches
records-record = Fiche
records-author = Signée par
records-seq = écriture { $count } de son journal
records-claimed = Date déclarée
records-dates = Dates confirmées par d’autres
records-state = État
records-more = Fiches non listées : { $count }
record-untitled = sans titre
record-counts = fait foi
record-absent = fait foi ; son contenu n’est pas dans ce fichier
record-replaced = remplacée par une version ultérieure : { $by }
record-withdrawn = retirée par son auteur, pour ce motif : { $reason }
record-withdrawn-by-order = retirée sur décision des garants, pour ce motif : { $reason }
record-withdrawn-here = retirée, et pourtant incluse ; le motif : { $reason }
record-disputed = contestée : le journal est bifurqué ou contesté avant elle
record-disowned = désavouée par un changement de clé : { $by }
record-beyond-cut = écrite après la suspension de son auteur
record-unplaced = sans le journal qui y mène
dates-witnessed = existait avant le { $date } : attestée à cette date par { $count } membres sur { $members }, d’autres régions : { $others }
dates-shown = montrée par le relevé d’un garant du { $date } ; aucun membre ne l’atteste
dates-not-before = pas avant le { $date }
dates-none = personne d’autre ne confirme de date
logs-title = Journaux
logs-entries = Écritures
logs-head = Dernière écriture
log-ok = une seule histoire
log-forked = bifurqué : deux écritures en suivent une
log-contested = contesté : des changements de clé se contredisent
log-closed = clos
log-cut = son auteur a été suspendu
log-witnessed = attesté par des membres jusqu’à l’écriture { $seq }
log-shown = montré par des garants jusqu’à l’écriture { $seq }

## Deux fichiers
compared-title = Comparé à un autre fichier
compared-first = Dernière écriture ici
compared-second = Dernière écriture là
compared-same = identiques
compared-first-further = ce fichier va plus loin
compared-second-further = l’autre fichier va plus loin
compared-apart = contradiction : aucun n’a la dernière écriture de l’autre
compared-only-first = dans ce fichier seulement
compared-only-second = dans l’autre fichier seulement

## Limites
beyond-title = Ce que ce fichier ne peut pas dire
beyond-absent = Ce que disent les contenus qui n’y sont pas : { $count }
beyond-unplaced = Si font foi les écritures dont le journal n’est pas inclus : { $count }. Une ancienne clé volée aurait pu les faire.
beyond-members = Qui est membre du réseau et quel lieu est un auteur : les journaux des garants n’y sont pas.
beyond-dates = Depuis quand existent les fiches dont personne d’autre ne confirme la date : { $count }. Leurs dates sont déclarées par leurs auteurs.
beyond-later = S’il y a eu autre chose depuis : une version ultérieure, un retrait, une bifurcation. Demandez à un membre le fichier le plus récent.
beyond-key = Qui tenait la clé en main. Une signature montre la clé, pas la personne.
beyond-truth = Si ce que dit une fiche est vrai. Il montre qui en répond et depuis quand, pas qu’il en est ainsi.
again-title = Pour vérifier de nouveau
again-what = D’autres programmes doivent arriver au même verdict. Ce fichier leur suffit, sans réseau :

## Types de fiches
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
