import type { FaultCode } from '@reeve/protocol';

/** The catalogue of errors in German: what went wrong, and what to do next. */
export const faultsDe = {
  INVALID_PARAMS: [
    'In der Anfrage ist ein Wert falsch oder fehlt.',
    'Berichtige das genannte Feld und sende sie noch einmal.',
  ],
  NOT_FOUND: ['So etwas gibt es hier nicht.', 'Prüfe die Kennung; sieh zuerst nach, was es gibt.'],
  METHOD_NOT_FOUND: ['Diesen Aufruf oder Pfad gibt es nicht.', 'Unter /api/docs steht, was es gibt.'],
  PROTOCOL_ERROR: [
    'Die Nachricht ist in diesem Protokoll an dieser Stelle nicht gültig.',
    'Sieh in der Beschreibung des Protokolls nach.',
  ],
  AUTH_FAILED: [
    'Du bist nicht angemeldet, oder das Token gilt nicht.',
    'Öffne den Link, den `npm start` zeigt, oder erzeuge ein Token mit `reeve token create --name NAME`.',
  ],
  SIGN_IN_FAILED: [
    'Das stimmte nicht: die E-Mail-Adresse, das Passwort oder der Code.',
    'Versuch es noch einmal, oder lass dir einen Link schicken, mit dem du ein neues Passwort setzt.',
  ],
  CODE_EXPIRED: [
    'Dieser Link wurde schon benutzt, zurückgenommen oder ist zu alt.',
    'Bitte den, der ihn geschickt hat, um einen neuen.',
  ],
  SIGN_ON_FAILED: [
    'Der andere Ort hat nicht glaubhaft gesagt, wer du bist.',
    'Melde dich im selben Browser noch einmal an.',
  ],
  SIGN_ON_REFUSED: [
    'Du bist dort bekannt, darfst dich hier aber nicht anmelden.',
    'Bitte einen Admin dieses Reeve um eine Einladung.',
  ],
  PASSWORD_WEAK: [
    'Dieses Passwort ist zu leicht zu erraten.',
    'Nimm mindestens 10 Zeichen, etwa ein paar Wörter, die nichts miteinander zu tun haben.',
  ],
  APPROVAL_NEEDED: [
    'Das muss zuerst ein Mensch erlauben.',
    'Beantworte die Frage auf der Seite, mit `reeve approvals` oder mit /approve; ruf es dann noch einmal auf.',
  ],
  APPROVAL_DENIED: [
    'Dazu hat ein Mensch Nein gesagt.',
    'Versuch es nicht noch einmal; tu, was er gesagt hat, falls er etwas gesagt hat.',
  ],
  APPROVAL_EXPIRED: [
    'Niemand hat das rechtzeitig erlaubt, und das heißt Nein.',
    'Frag noch einmal, falls es noch gewollt ist.',
  ],
  APPROVAL_VOID: [
    'Was erlaubt wurde, hat sich seither geändert; die Erlaubnis gilt nicht mehr.',
    'Ruf es noch einmal auf, damit neu gefragt wird.',
  ],
  BUDGET_EXCEEDED: [
    'Das Budget ist aufgebraucht.',
    'Sieh in /usage nach; es wird zur genannten Zeit wieder gefüllt, oder ein Admin erhöht es.',
  ],
  SECRET_MISSING: [
    'Ein Geheimnis dieses Namens gibt es nicht.',
    '`reeve secret list` zeigt alle; lege eines an mit `reeve secret set NAME`.',
  ],
  SECRET_REVOKED: [
    'Dieses Geheimnis wurde im Notfall widerrufen; nichts darf es benutzen.',
    'Mach bei seinem Anbieter ein neues, dann `reeve secret set NAME`.',
  ],
  SECRET_REFUSED: [
    'Der neue Wert dieses Geheimnisses hat nicht funktioniert; der alte bleibt.',
    'Prüfe den neuen Wert bei seinem Anbieter und wechsle noch einmal.',
  ],
  SECRETS_LOCKED: ['Die Geheimnisse sind verschlossen.', 'Öffne sie mit `reeve secret unlock`.'],
  SECRETS_READ_ONLY: [
    'Geheimnisse können dort, wo sie liegen, nur gelesen werden.',
    'Ändere sie dort, oder stell secrets.backend auf local oder vault.',
  ],
  SECRETS_KEY_EXPOSED: [
    'Den Schlüssel der Geheimnisse können andere Benutzer dieses Rechners lesen; er wird nicht benutzt.',
    'Setz seine Rechte mit chmod 600; wenn andere ihn gelesen haben könnten, ersetze die Geheimnisse.',
  ],
  SECRETS_UNAVAILABLE: [
    'Der Ort, an dem die Geheimnisse liegen, antwortet nicht oder ist nicht lesbar.',
    '`reeve secret status` nennt den Grund.',
  ],
  PASSPHRASE_WRONG: ['Der Schlüsselsatz ist falsch.', 'Gib ihn noch einmal ein; geändert wurde nichts.'],
  PERMISSION_DENIED: ['Das darfst du nicht.', 'Frag, wem dieses Reeve gehört.'],
  PAYLOAD_TOO_LARGE: [
    'Die Anfrage ist größer, als dieses Reeve annimmt.',
    'Sende weniger auf einmal, oder erhöhe gateway.bodyLimitBytes.',
  ],
  LLM_ERROR: [
    'Kein Modell konnte antworten.',
    '`reeve models` zeigt den Zustand jedes Modells; versuch es noch einmal, oder wähle ein anderes.',
  ],
  TIMEOUT: ['Es hat zu lange gedauert und wurde aufgegeben.', 'Versuch es noch einmal; nichts ist verloren.'],
  COMMAND_BLOCKED: [
    'Dieser Befehl ist hier nicht erlaubt.',
    'Frag, wem dieses Reeve gehört, ob er erlaubt wird.',
  ],
  INTERNAL_ERROR: [
    'In Reeve ist etwas kaputtgegangen.',
    'Sieh in `reeve logs` nach; die Kennung dieser Antwort findet den Eintrag.',
  ],
  USER_NOT_FOUND: ['Diesen Benutzer gibt es nicht.', 'Prüfe den Namen.'],
  DATABASE_ERROR: [
    'Reeve kann gerade nicht in seine Datenbank schreiben; deine Nachricht wurde nicht angenommen.',
    'Prüfe Platz und Zustand der Platte mit `reeve doctor` und sende sie dann noch einmal.',
  ],
  CONFIG_ERROR: ['Die Konfiguration ist nicht gültig.', 'Führe `reeve config check` aus.'],
  CHANNEL_ERROR: ['Ein Kanal konnte nicht zustellen.', 'Sieh in `reeve status` nach.'],
  SERIALIZATION_ERROR: [
    'Der Inhalt ist kein gültiges JSON.',
    'Sende gültiges JSON mit content-type application/json.',
  ],
  GOV_DENIED: ['Die Regeln dieses Reeve verbieten das.', 'Frag, wem dieses Reeve gehört, welche Regel gilt.'],
  RATE_LIMIT: ['Zu viele Anfragen.', 'Warte so lange, wie Retry-After angibt.'],
  PROVIDER_FAIL: [
    'Der Anbieter des Modells hat abgelehnt oder ist ausgefallen.',
    'Prüfe Schlüssel und Adresse des Anbieters mit `reeve doctor`.',
  ],
  BUSY: [
    'In diesem Gespräch warten zu viele Nachrichten.',
    'Warte die laufende Antwort ab, oder halte sie mit /stop an; nichts ist verloren.',
  ],
  CONFLICT: [
    'Das wurde schon mit anderem Inhalt getan.',
    'Nimm für eine neue Nachricht einen neuen Schlüssel (idempotencyKey).',
  ],
  ORIGIN_REFUSED: [
    'Diese Anfrage kommt von einer anderen Webseite oder von einem unbekannten Rechnernamen.',
    'Öffne Reeve unter seiner eigenen Adresse; ist es gewollt, trage den Namen in gateway.allowedHosts oder die Herkunft in gateway.corsOrigins ein.',
  ],
  LOGIN_EXPIRED: [
    'Dieser Anmeldelink wurde schon benutzt oder ist zu alt.',
    'Einen neuen gibt es mit `reeve token login-link` oder nach einem Neustart von Reeve.',
  ],
  UNSUPPORTED: ['Das kann dieses Reeve noch nicht.', 'Lass das genannte Feld weg.'],
  NOT_IMPLEMENTED: ['Dieses Reeve hat nichts, was das könnte.', 'In der Dokumentation steht, was es kann.'],
  SHUTTING_DOWN: ['Reeve wird gerade beendet.', 'Versuch es gleich noch einmal.'],
  STEP_LIMIT: [
    'Der Lauf wurde beendet, weil er zu viele Schritte brauchte.',
    'Sag genauer, was du willst, oder erhöhe agent.maxSteps.',
  ],
  NO_PROGRESS: [
    'Der Lauf wurde beendet, weil er sich ohne Fortschritt wiederholte.',
    'Sag es anders, oder erledige den Teil, der misslingt, von Hand.',
  ],
  CONTEXT_OVERFLOW: [
    'Diese Nachricht passt nicht in das Kontextfenster des Modells.',
    'Kürze sie, oder wähle ein Modell mit größerem Fenster.',
  ],
  TOOL_INPUT_INVALID: [
    'Das Werkzeug wurde mit Argumenten aufgerufen, die nicht zu ihm passen.',
    'Berichtige die Argumente.',
  ],
  TOOL_UNKNOWN: ['Ein Werkzeug dieses Namens gibt es nicht.', 'Nimm eines der angebotenen.'],
  TOOL_FAILED: ['Das Werkzeug ist gescheitert.', 'Lies die Meldung; versuch es mit anderen Argumenten.'],
  TOOL_INTERRUPTED: [
    'Reeve wurde währenddessen beendet; ob es gewirkt hat, ist nicht bekannt, und es wurde nicht wiederholt.',
    'Sieh selbst nach, und verlange es noch einmal, wenn du es noch willst.',
  ],
  PORT_TAKEN: [
    'Der Port wird von einem anderen Programm benutzt.',
    'Beende dieses Programm, oder starte mit --port N.',
  ],
  HOME_NOT_WRITABLE: [
    'In den Datenordner kann nicht geschrieben werden.',
    'Gib dem Benutzer das Recht dazu, oder starte mit --home DIR.',
  ],
  HOME_LOCKED: [
    'Ein anderes Reeve läuft auf demselben Datenordner.',
    'Benutze dieses, beende es, oder starte mit --home DIR.',
  ],
  DATABASE_CORRUPT: [
    'Die Datenbank ist beschädigt oder gehört nicht zu Reeve.',
    'Spiele eine Sicherung ein, oder verschiebe die Datei und fange neu an; lösche sie nicht.',
  ],
  DATABASE_TOO_NEW: [
    'Die Datenbank wurde von einem neueren Reeve geschrieben.',
    'Installiere dessen Version oder eine neuere.',
  ],
  GATEWAY_UNREACHABLE: [
    'Kein laufendes Reeve antwortet.',
    'Starte es mit `npm start`, oder nenne seine Adresse mit --url.',
  ],
} satisfies Record<FaultCode, readonly [message: string, next: string]>;
