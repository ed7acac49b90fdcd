/** What happened, as the audit names it. */
export const auditTypesDe: Record<string, string> = {
  'account.changed': 'Konto geändert',
  'account.connected': 'Anmeldung woanders verbunden',
  'account.disconnected': 'Anmeldung woanders getrennt',
  'answer.filtered': 'Antwort gefiltert',
  'api.denied': 'Aufruf verweigert',
  'approval.requested': 'Rückfrage gestellt',
  'approval.settled': 'Rückfrage entschieden',
  'approval.used': 'Erlaubnis benutzt',
  'audit.exported': 'Protokoll ausgeführt',
  'audit.hold': 'Aufbewahrung geändert',
  'audit.verified': 'Protokoll geprüft',
  'auth.failed': 'Anmeldung gescheitert',
  'auth.login': 'Angemeldet',
  'auth.logout': 'Abgemeldet',
  'budget.removed': 'Budget entfernt',
  'budget.set': 'Budget gesetzt',
  'channel.code': 'Code für einen Kanal verlangt',
  'channel.linked': 'Kanal verknüpft',
  'channel.unlinked': 'Kanal gelöst',
  'config.changed': 'Einstellung geändert',
  'config.reloaded': 'Einstellungen neu geladen',
  'device.paired': 'Gerät gekoppelt',
  'device.revoked': 'Gerät entkoppelt',
  'group.changed': 'Gruppe geändert',
  'group.created': 'Gruppe angelegt',
  'group.removed': 'Gruppe entfernt',
  'invite.created': 'Eingeladen',
  'invite.revoked': 'Einladung zurückgezogen',
  'key.created': 'API-Schlüssel angelegt',
  'key.revoked': 'API-Schlüssel zurückgezogen',
  'model.called': 'Modell gefragt',
  'passkey.added': 'Passkey hinzugefügt',
  'passkey.removed': 'Passkey entfernt',
  'password.changed': 'Passwort geändert',
  'password.reset': 'Passwort neu gesetzt',
  'password.reset-link': 'Link für ein neues Passwort gemacht',
  'password.reset-requested': 'Neues Passwort verlangt',
  'person.changed': 'Person geändert',
  'person.joined': 'Person dazugekommen',
  'person.provisioned': 'Person vom Verzeichnis geführt',
  'person.removed': 'Person entfernt',
  'person.signed-out': 'Person überall abgemeldet',
  'policy.removed': 'Richtlinie entfernt',
  'policy.saved': 'Richtlinie geschrieben',
  'recovery-codes.renewed': 'Neue Ersatzcodes',
  'role.changed': 'Rolle gewechselt',
  'role.created': 'Rolle angelegt',
  'role.kept': 'Rolle behalten',
  'role.removed': 'Rolle entfernt',
  'scim-token.created': 'Token für ein Verzeichnis angelegt',
  'scim-token.revoked': 'Token für ein Verzeichnis zurückgezogen',
  'secret.deleted': 'Geheimnis gelöscht',
  'secret.emergency': 'Geheimnis im Notfall gesperrt',
  'secret.locked': 'Geheimnisse verschlossen',
  'secret.policy_changed': 'Wechsel eines Geheimnisses geändert',
  'secret.read': 'Geheimnis benutzt',
  'secret.refused': 'Geheimnis verweigert',
  'secret.rolled_back': 'Früherer Wert wieder gültig',
  'secret.rotated': 'Geheimnis gewechselt',
  'secret.rotation_due': 'Wechsel eines Geheimnisses fällig',
  'secret.rotation_failed': 'Wechsel eines Geheimnisses gescheitert',
  'secret.rotation_started': 'Wechsel eines Geheimnisses begonnen',
  'secret.set': 'Geheimnis gesetzt',
  'secret.unlocked': 'Geheimnisse geöffnet',
  'secret.version_dropped': 'Früherer Wert ungültig',
  'session.deleted': 'Gespräch gelöscht',
  'session.ended': 'Anmeldung beendet',
  'session.revoked': 'Anmeldung beendet',
  'tenant.created': 'Mandant angelegt',
  'token.reused': 'Token ein zweites Mal benutzt',
  'tool.called': 'Werkzeug benutzt',
  'totp.disabled': 'Authenticator-App ausgeschaltet',
  'totp.enabled': 'Authenticator-App eingeschaltet',
};

/** What came of it. */
export const auditOutcomesDe: Record<string, string> = {
  ok: 'gelungen',
  failed: 'gescheitert',
  denied: 'verweigert',
  deny: 'verweigert',
  allow: 'erlaubt',
  ask: 'gefragt',
  approved: 'erlaubt',
  expired: 'abgelaufen',
  void: 'hinfällig',
  interrupted: 'unterbrochen',
  cancelled: 'abgebrochen',
  stop: 'fertig',
  length: 'abgeschnitten',
  'tool-calls': 'ruft Werkzeuge',
  error: 'Fehler',
};

const common = {
  'admins-manage': 'Admins dürfen alles, was die Schnittstelle bietet, und jedes Werkzeug benutzen.',
  'members-live-here':
    'Mitglieder reden, merken sich etwas, planen, haben eigene Geheimnisse, sehen, was sie selbst betrifft, und beantworten Rückfragen zu ihren eigenen Aufrufen.',
  'members-use-tools':
    'Mitglieder und Agenten benutzen alles außer Werkzeugen, die Reeve oder seinen Rechner verwalten.',
  'reading-runs': 'Was nur liest, geschieht ohne Rückfrage.',
  'every-model': 'Alle dürfen jedes eingerichtete Modell benutzen.',
};

/** What each policy says that comes with Reeve, by its document and its id there. */
export const policiesDe: Record<string, Record<string, string>> = {
  'built-in': {
    'critical-is-never-automatic': 'Ein kritischer Aufruf geschieht nie, ohne einen Menschen zu fragen.',
    'own-tenant-only': 'Niemand reicht in einen anderen Mandanten hinein.',
    'the-machine-is-the-owners':
      'Was den Rechner betrifft, und damit alle Mandanten darauf, steht dem Mandanten dessen zu, der ihn betreibt.',
    'commands-need-the-flag': 'Befehle laufen nur für Leute, die Befehle ausführen dürfen.',
    'browser-needs-the-flag': 'Der Browser arbeitet nur für Leute, die ihn benutzen dürfen.',
    'installing-needs-the-flag': 'Software wird nur für Leute installiert, die das dürfen.',
    'ask-first-flag':
      'Was eine Person tun lässt, die eine Erlaubnis braucht, wird immer gefragt, sofern es etwas bewirkt.',
    'nobody-approves-their-own-critical-call':
      'Wo jemand anders entscheiden könnte, erlaubt niemand den eigenen kritischen Aufruf.',
    'ask-first-means-somebody-else': 'Wer eine Freigabe braucht, gibt sie nicht selbst.',
    'the-agent-does-not-approve': 'Ein Agent beantwortet nie eine Rückfrage, die an einen Menschen ging.',
  },
  household: {
    ...common,
    'agents-work': 'Agenten reden und lesen, was sie zur Arbeit brauchen.',
    'children-talk-and-remember': 'Kinder schreiben Nachrichten und haben ein eigenes Gedächtnis.',
    'guests-talk': 'Gäste schreiben Nachrichten.',
    'children-use-safe-tools': 'Kinder benutzen Werkzeuge, die in einem Gespräch unbedenklich sind.',
    'guests-use-reading-tools': 'Gäste benutzen Werkzeuge, die nur lesen.',
    'low-risk-runs': 'Ein Aufruf mit niedrigem Risiko geschieht ohne Rückfrage.',
    'own-data-runs':
      'Was nur die eigenen Notizen und Erinnerungen einer Person ändert, geschieht ohne Rückfrage.',
    'members-approve-their-own': 'Mitglieder beantworten Rückfragen zu ihren eigenen Aufrufen.',
  },
  production: {
    ...common,
    'others-talk': 'Agenten, Kinder und Gäste reden.',
    'own-notes-run-while-present':
      'Wer da ist, ändert die eigenen Notizen und Erinnerungen, ohne noch einmal gefragt zu werden.',
    'members-approve-small-things':
      'Mitglieder beantworten Rückfragen zu eigenen Aufrufen mit niedrigem und mittlerem Risiko; der Rest ist für Admins.',
  },
  locked: {
    ...common,
    'admins-manage':
      'Admins dürfen alles, was die Schnittstelle bietet, und jedes Werkzeug benutzen, jedes Mal nach einer Rückfrage.',
    'members-talk': 'Mitglieder reden und sehen, was sie selbst betrifft.',
    'members-read': 'Mitglieder benutzen Werkzeuge, die nur lesen.',
  },
};

/** What the documents are called. */
export const policyNamesDe: Record<string, string> = {
  'built-in': 'Was immer gilt',
  household: 'Haushalt',
  production: 'Betrieb',
  locked: 'Gesperrt',
};
