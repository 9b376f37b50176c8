// What the page says, in its two languages.

const one = (n, single, several) => (n < 2 ? single : several).replace("#", n);
const few = (n, single, several) => (n === 1 ? single : several).replace("#", n);

const fr = {
  board: "le tableau",
  time_is: "Il est",
  other: "English",
  other_lang: "en",
  longest: "attente la plus longue",
  wrong: "Ce qui ne va pas",
  waiting: "En attente",
  waits: "Attente",
  line: "Ligne",
  rung: "Palier",
  phones: "Téléphones",
  nobody_waits: "Personne n’attend.",
  ringing: "Ça sonne",
  since: "Depuis",
  at: "Chez",
  state: "État",
  nothing_rings: "Aucun téléphone ne sonne.",
  listeners: "Écoutants",
  pool: "Équipe",
  free: "Libres",
  rung_now: "Sonnés",
  talking: "Parlent",
  resting: "Repos",
  paused: "Pause",
  off: "Absents",
  together: "Ensemble",
  today: "Aujourd’hui",
  picked_up: "décrochés",
  lines: "Lignes",
  on_duty: "En poste",
  next_call: "Prochain appel",
  pickup: "Décroché",
  promises: "Rappels promis",
  due: "Avant",
  nothing_owed: "Aucun rappel n’est dû.",
  closed: "fermée",
  in_time: (share) => `${share} à temps`,

  rung_of: (rung, rungs) => `${rung} sur ${rungs}`,
  phones_ring: (n) => (n === 0 ? "aucun" : one(n, "# sonne", "# sonnent")),
  more: (n) => one(n, "et une autre", "et # autres"),
  doing: {
    connecting: "on répond",
    fallback: "plan de secours",
    chosen: "attend son écoutant",
  },
  step: {
    ringing: (n) => one(n, "# sonne", "# sonnent"),
    picked_up: (n) => one(n, "# a décroché", "# ont décroché"),
    accepted: (n) => one(n, "# a accepté", "# ont accepté"),
  },
  promise: {
    waiting: "prévu",
    searching: "on cherche",
    dialling: "on appelle",
    talking: "en entretien",
    rang_back: "a rappelé",
    with_seniors: "à un senior",
    kept: "tenu",
    cancelled: "annulé",
  },
  late: "en retard",

  mood: {
    starting: () => "Connexion…",
    calm: () => "Personne n’attend",
    waiting: ({ n }) => one(n, "Une personne attend", "# personnes attendent"),
    fallback: ({ n }) =>
      one(n, "Une personne est au plan de secours", "# personnes sont au plan de secours"),
    alone: ({ n }) => one(n, "Une personne attend seule", "# personnes attendent seules"),
    blind: () => "Les appels sont hors de vue",
    silent: () => "Plus de nouvelles de decroche",
    full: () => "Trop de tableaux ouverts",
  },
  why: {
    starting: () => "",
    calm: ({ free, talking }) =>
      `${one(free, "# écoutant libre", "# écoutants libres")}, ${talking} en entretien`,
    waiting: ({ ringing, doing }) =>
      ringing ? one(ringing, "# téléphone sonne", "# téléphones sonnent") : fr.so_far[doing],
    fallback: () => "Aucun écoutant n’a pu répondre : le groupe de secours sonne.",
    alone: ({ n }) =>
      one(n, "Aucun téléphone ne sonne pour elle.", "Aucun téléphone ne sonne pour elles."),
    blind: ({ t }) => `Lien avec Asterisk coupé depuis ${t} : son plan de secours prend les appels.`,
    silent: ({ t, at }) =>
      `Rien reçu depuis ${t}. ${at ? `Ce qui est affiché date de ${at}. ` : ""}` +
      "Si decroche est arrêté, le plan de secours d’Asterisk prend les appels.",
    full: () => "Fermez-en un ailleurs : celui-ci s’ouvrira. Les appels sont servis.",
  },
  so_far: {
    connecting: "on répond",
    searching: "on cherche",
    chosen: "pour un écoutant occupé, à sa demande",
  },
  trouble: {
    pbx: ({ t }) => `Asterisk coupé depuis ${t} : son plan de secours prend les appels.`,
    store: ({ t }) =>
      `Journal coupé depuis ${t} : les appels sont servis, rien ne peut être promis, ` +
      "et un redémarrage oublierait.",
    stuck: ({ t }) => `Routage bloqué depuis ${t} : le plan de secours d’Asterisk prend les appels.`,
    nobody: ({ line }) => `Personne n’est en poste pour la ligne ${line}.`,
    overdue: ({ count, t }) =>
      one(
        count,
        `Un rappel promis est en retard de ${t}.`,
        `# rappels promis sont en retard, le plus ancien de ${t}.`,
      ),
    with_seniors: ({ count }) =>
      one(count, "Un rappel promis attend un senior.", "# rappels promis attendent un senior."),
  },
  day: ({ calls, lost, in_time, since }) => {
    const from = since === null ? "" : ` depuis ${since}`;
    if (calls === 0) return `Aucun appel terminé${from}.`;
    return (
      `${one(calls, "# appel terminé", "# appels terminés")}${from}, ` +
      `${one(lost, "# perdu", "# perdus")}, ${in_time} à temps.`
    );
  },
};

const en = {
  board: "the wallboard",
  time_is: "It is",
  other: "Français",
  other_lang: "fr",
  longest: "longest wait",
  wrong: "What is wrong",
  waiting: "Waiting",
  waits: "Wait",
  line: "Line",
  rung: "Rung",
  phones: "Phones",
  nobody_waits: "Nobody is waiting.",
  ringing: "Ringing",
  since: "For",
  at: "At",
  state: "State",
  nothing_rings: "No phone is ringing.",
  listeners: "Listeners",
  pool: "Team",
  free: "Free",
  rung_now: "Rung",
  talking: "Talking",
  resting: "Resting",
  paused: "Break",
  off: "Away",
  together: "Together",
  today: "Today",
  picked_up: "picked up",
  lines: "Lines",
  on_duty: "On duty",
  next_call: "Next call",
  pickup: "Picked up",
  promises: "Call-backs promised",
  due: "By",
  nothing_owed: "No call-back is owed.",
  closed: "closed",
  in_time: (share) => `${share} in time`,

  rung_of: (rung, rungs) => `${rung} of ${rungs}`,
  phones_ring: (n) => (n === 0 ? "none" : few(n, "# rings", "# ring")),
  more: (n) => few(n, "and one more", "and # more"),
  doing: {
    connecting: "being answered",
    fallback: "fallback",
    chosen: "for one listener",
  },
  step: {
    ringing: (n) => few(n, "# rings", "# ring"),
    picked_up: (n) => `${n} picked up`,
    accepted: (n) => `${n} accepted`,
  },
  promise: {
    waiting: "planned",
    searching: "searching",
    dialling: "dialling",
    talking: "talking",
    rang_back: "rang back",
    with_seniors: "with a senior",
    kept: "kept",
    cancelled: "cancelled",
  },
  late: "late",

  mood: {
    starting: () => "Connecting…",
    calm: () => "Nobody is waiting",
    waiting: ({ n }) => few(n, "One person is waiting", "# people are waiting"),
    fallback: ({ n }) => few(n, "One person is with the fallback", "# people are with the fallback"),
    alone: ({ n }) => few(n, "One person is waiting alone", "# people are waiting alone"),
    blind: () => "Calls are out of sight",
    silent: () => "No word from decroche",
    full: () => "Too many wallboards are open",
  },
  why: {
    starting: () => "",
    calm: ({ free, talking }) =>
      `${few(free, "# listener free", "# listeners free")}, ${talking} talking`,
    waiting: ({ ringing, doing }) =>
      ringing ? few(ringing, "# phone is ringing", "# phones are ringing") : en.so_far[doing],
    fallback: () => "No listener could answer: the fallback group is being rung.",
    alone: () => "No phone is ringing for them.",
    blind: ({ t }) => `No link to Asterisk for ${t}: the dialplan’s fallback takes the calls.`,
    silent: ({ t, at }) =>
      `Nothing came for ${t}. ${at ? `What you see is from ${at}. ` : ""}` +
      "If decroche has stopped, the dialplan’s fallback takes the calls.",
    full: () => "Close one elsewhere, and this one opens. Calls are being routed.",
  },
  so_far: {
    connecting: "being answered",
    searching: "searching",
    chosen: "for a listener who is busy, as they wish",
  },
  trouble: {
    pbx: ({ t }) => `Asterisk lost for ${t}: the dialplan’s fallback takes the calls.`,
    store: ({ t }) =>
      `Journal down for ${t}: calls are routed, nothing can be promised, ` +
      "and a restart would forget.",
    stuck: ({ t }) => `Routing stuck for ${t}: the dialplan’s fallback takes the calls.`,
    nobody: ({ line }) => `Nobody is on duty for the line ${line}.`,
    overdue: ({ count, t }) =>
      few(
        count,
        `One promised call-back is late by ${t}.`,
        `# promised call-backs are late, the first by ${t}.`,
      ),
    with_seniors: ({ count }) =>
      few(
        count,
        "One promised call-back waits for a senior.",
        "# promised call-backs wait for a senior.",
      ),
  },
  day: ({ calls, lost, in_time, since }) => {
    const from = since === null ? "" : ` since ${since}`;
    if (calls === 0) return `No call has ended${from}.`;
    return `${few(calls, "# call", "# calls")} ended${from}, ${lost} lost, ${in_time} in time.`;
  },
};

const LANGUAGES = { fr, en };
const KEPT = "decroche-language";

// Some browsers forbid pages to keep anything: the toggle then holds until the page is closed.
function kept() {
  try {
    return localStorage.getItem(KEPT);
  } catch {
    return null;
  }
}

export let words = LANGUAGES[kept()] ?? LANGUAGES[document.documentElement.lang] ?? fr;

export function toggle() {
  const other = words.other_lang;
  words = LANGUAGES[other];
  try {
    localStorage.setItem(KEPT, other);
  } catch {
    return;
  }
}

export const language = () => (words === fr ? "fr" : "en");
