import type { GatewayTexts } from '../lib/gateway-texts.ts';

/** What the gateway says in English, for a page in German; loaded after the first view. */
export const gatewayDe: GatewayTexts = {
  settings: {
    'gateway.port': 'TCP-Port; bei 0 wählt das System.',
    'gateway.host':
      'Adresse, auf der Reeve lauscht. Alles außer der eigenen (Loopback) macht Reeve für andere erreichbar.',
    'gateway.allowedHosts':
      'Weitere Rechnernamen, unter denen Reeve geöffnet werden darf (etwa hinter einem Reverse Proxy).',
    'gateway.corsOrigins': 'Herkünfte (Origins), deren Seiten die Schnittstelle aufrufen dürfen.',
    'gateway.bodyLimitBytes': 'Größter Inhalt einer Anfrage, in Bytes.',
    'gateway.trustProxy': 'Dem X-Forwarded-For eines Reverse Proxys glauben.',
    'agent.name': 'Wie der Verwalter sich nennt.',
    'agent.model': 'Standardmodell als anbieter/modell; leer lässt Reeve wählen.',
    'agent.fallbacks':
      'Modelle, die der Reihe nach gefragt werden, bevor der eingebaute Verwalter antwortet.',
    'agent.routing':
      'Welches von Modell und Ersatzmodellen zuerst gefragt wird: ordered = wie geschrieben, cost = das günstigste, quality = das beste, das zur Anfrage passt.',
    'agent.language': 'Sprache des eingebauten Verwalters; auto antwortet in der Sprache der Nachricht.',
    'agent.timeZone': 'IANA-Zeitzone für Daten, Erinnerungen und Zeitpläne.',
    'agent.queueMode':
      'Was mit einer Nachricht geschieht, während ihr Gespräch beschäftigt ist: queue = sie wartet, steer = sie lenkt die laufende Antwort, interrupt = sie bricht sie ab.',
    'agent.maxSteps': 'Modellaufrufe je Lauf; der letzte bekommt keine Werkzeuge, damit er antwortet.',
    'agent.temperature': 'Temperatur der Auswahl; nicht gesetzt entscheidet das Modell.',
    'agent.maxOutputTokens': 'Obergrenze einer Antwort, in Tokens; nicht gesetzt entscheidet das Modell.',
    'agent.topP':
      'Nucleus Sampling: Anteil der Wahrscheinlichkeit, aus dem gezogen wird; nicht gesetzt entscheidet das Modell.',
    'agent.thinking':
      'Wie viel ein Modell nachdenkt, bevor es antwortet; nicht gesetzt entscheidet das Modell.',
    'models.allow':
      'Modelle, die benutzt werden dürfen, als anbieter/modell mit * als Platzhalter; leer = alle.',
    'models.deny':
      'Modelle, die nicht benutzt werden dürfen, als anbieter/modell mit * als Platzhalter; stärker als allow.',
    'models.discover':
      'Beim Start nach Schlüsseln in der Umgebung und nach Modellservern auf den üblichen Ports dieses Rechners suchen.',
    'providers.<name>.kind':
      'Das Protokoll, das der Server spricht; auto = das des bekannten Anbieters, sonst openai-compatible.',
    'providers.<name>.baseUrl':
      'Adresse der Schnittstelle bis einschließlich ihrer Version, etwa http://127.0.0.1:11434/v1. Bekannte Anbieter brauchen keine.',
    'providers.<name>.apiKey': 'Der Schlüssel; leer für Server, die keinen brauchen. Besser ist apiKeyEnv.',
    'providers.<name>.apiKeyEnv': 'Name der Umgebungsvariablen, die den Schlüssel enthält.',
    'providers.<name>.accounts.<name>.apiKey':
      'Der Schlüssel; leer für Server, die keinen brauchen. Besser ist apiKeyEnv.',
    'providers.<name>.accounts.<name>.apiKeyEnv': 'Name der Umgebungsvariablen, die den Schlüssel enthält.',
    'providers.<name>.models': 'Angebotene Modelle; leer fragt den Server nach seiner Liste.',
    'providers.<name>.contextTokens':
      'Kontextfenster seiner Modelle, in Tokens; nicht gesetzt = was über jedes Modell bekannt ist, sonst 128.000.',
    'providers.<name>.maxOutputTokens':
      'Tokens, die für eine Antwort frei bleiben; nicht gesetzt = was über jedes Modell bekannt ist, sonst 8.192.',
    'providers.<name>.connectTimeoutMs':
      'Wie lange höchstens auf eine Verbindung zum Server gewartet wird, in Millisekunden.',
    'providers.<name>.firstTokenTimeoutMs':
      'Wie lange von der Anfrage bis zum ersten Zeichen einer Antwort höchstens gewartet wird, in Millisekunden.',
    'providers.<name>.idleTimeoutMs': 'Längste Stille innerhalb einer Antwort, in Millisekunden.',
    'providers.<name>.maxRetries':
      'Weitere Versuche bei diesem Anbieter nach einem vorübergehenden Fehler, bevor der nächste gefragt wird.',
    'engine.concurrency': 'Läufe zur selben Zeit, über alle Gespräche.',
    'engine.laneLimit': 'Nachrichten, die in einem Gespräch warten dürfen.',
    'log.level': 'Was in logs/ geschrieben wird.',
  },
  faults: {
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
    PERMISSION_DENIED: ['Das darfst du nicht.', 'Frag, wem dieses Reeve gehört.'],
    PAYLOAD_TOO_LARGE: [
      'Die Anfrage ist größer, als dieses Reeve annimmt.',
      'Sende weniger auf einmal, oder erhöhe gateway.bodyLimitBytes.',
    ],
    LLM_ERROR: [
      'Kein Modell konnte antworten.',
      '`reeve models` zeigt den Zustand jedes Modells; versuch es noch einmal, oder wähle ein anderes.',
    ],
    TIMEOUT: [
      'Es hat zu lange gedauert und wurde aufgegeben.',
      'Versuch es noch einmal; nichts ist verloren.',
    ],
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
    GOV_DENIED: [
      'Die Regeln dieses Reeve verbieten das.',
      'Frag, wem dieses Reeve gehört, welche Regel gilt.',
    ],
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
  },
  phrases: [
    // What a setting may be.
    [/^true \| false$/, 'ein oder aus'],
    [/^list of text$/, 'Liste von Texten'],
    [/^list of address \(URL\)$/, 'Liste von Adressen (URL)'],
    [/^whole number from (\S+) to (\S+)$/, 'ganze Zahl von $1 bis $2'],
    [/^number from (\S+) to (\S+)$/, 'Zahl von $1 bis $2'],
    [/^whole number, at least (\S+)$/, 'ganze Zahl, mindestens $1'],
    [/^number, at least (\S+)$/, 'Zahl, mindestens $1'],
    [/^whole number$/, 'ganze Zahl'],
    [/^number$/, 'Zahl'],
    [/^text$/, 'Text'],
    [/^text, not empty$/, 'Text, nicht leer'],
    [/^address \(URL\)$/, 'Adresse (URL)'],
    [/^must be an IANA time zone such as (\S+)$/, 'eine IANA-Zeitzone wie $1'],
    // Why a setting was refused, or has no effect.
    [
      /^(\S+) = (.+?) is not valid(?: \((.*)\))?; allowed: (.+)\.$/,
      '$1 = $2 ist nicht gültig; erlaubt: {4}.',
    ],
    [/^(\S+) is missing(?: \((.*)\))?; allowed: (.+)\.$/, '$1 fehlt; erlaubt: {3}.'],
    [
      /^Correct it there, then run `reeve config check`\.$/,
      'Berichtige es dort und führe `reeve config check` aus.',
    ],
    [
      /^Settings of the gateway itself are changed from the command line\.$/,
      'Einstellungen des Gateways selbst werden auf der Kommandozeile geändert.',
    ],
    [/^Run `(.+)` on the machine\.$/, 'Führe auf dem Rechner `$1` aus.'],
    [
      /^(\S+) in (.+) is not a setting of Reeve and has no effect\.(.*)$/,
      '$1 in $2 ist keine Einstellung von Reeve und wirkt nicht.',
    ],
    [
      /^(\S+) is not a setting of Reeve and has no effect\.(.*)$/,
      '$1 ist keine Einstellung von Reeve und wirkt nicht.',
    ],
    [/^(\S+) is not a setting of Reeve\.(.*)$/, '$1 ist keine Einstellung von Reeve.'],
    [/^(.+) cannot be written: (.*)$/, '$1 kann nicht geschrieben werden: $2'],
    [/^Check permissions and disk space\.$/, 'Prüfe Rechte und freien Platz.'],
    // What is not there.
    [/^There is no such session\.$/, 'Dieses Gespräch gibt es nicht.'],
    [/^There is no such message in this session\.$/, 'Diese Nachricht gibt es in diesem Gespräch nicht.'],
    [/^There is no such picture in this session\.$/, 'Dieses Bild gibt es in diesem Gespräch nicht.'],
    [/^There is no such provider\.$/, 'Diesen Anbieter gibt es nicht.'],
    [/^There is no model (.+)\.$/, 'Das Modell $1 gibt es nicht.'],
    [/^See `reeve models` for what is on offer\.$/, '`reeve models` zeigt, welche es gibt.'],
    [/^That is no name of a model\.$/, 'Das ist kein Name eines Modells.'],
    [
      /^The model (.+) is not on the list of allowed models\.$/,
      'Das Modell $1 steht nicht auf der Liste der erlaubten.',
    ],
    [/^The model (.+) is denied by the rule (.+)\.$/, 'Das Modell $1 ist durch die Regel $2 verboten.'],
    [
      /^Choose another model \(see \/model\), or change models\.allow and models\.deny\.$/,
      'Wähle ein anderes Modell (siehe /model), oder ändere models.allow und models.deny.',
    ],
    [/^No model is configured\.$/, 'Kein Modell ist eingerichtet.'],
    // Why a run ended.
    [/^No model could answer: (.+)$/, 'Kein Modell konnte antworten: {1}'],
    [
      /^I stopped: (.+) was called (\d+) times with the same arguments and gave the same result each time\.$/,
      'Angehalten: $1 wurde $2-mal mit denselben Argumenten aufgerufen und gab jedes Mal dasselbe Ergebnis.',
    ],
    [
      /^I stopped: (\d+) tool calls in a row failed, the last one being (.+)\.$/,
      'Angehalten: $1 Werkzeugaufrufe nacheinander sind misslungen, zuletzt $2.',
    ],
    [
      /^The answer cannot be read: it does not follow the protocol\.$/,
      'Die Antwort ist nicht lesbar: sie folgt dem Protokoll nicht.',
    ],
    [/^The server took too long \((.+)\)\.$/, 'Der Server brauchte zu lange ($1).'],
    [/^The connection failed: (.+)$/, 'Die Verbindung ist gescheitert: $1'],
    [/^The request was stopped\.$/, 'Die Anfrage wurde angehalten.'],
    // Why this model and not another.
    [/^agent\.model in the configuration$/, 'agent.model in der Konfiguration'],
    [/^(\S+) is set in the environment$/, '$1 ist in der Umgebung gesetzt'],
    [/^(.+) answers at (\S+)$/, '$1 antwortet unter $2'],
    [
      /^no model is configured; it follows rules and works offline$/,
      'kein Modell ist eingerichtet; er folgt Regeln und arbeitet ohne Netz',
    ],
    [/^\[(.+)\] in the configuration$/, '[$1] in der Konfiguration'],
    [/^Built-in steward$/, 'Eingebauter Verwalter'],
    [/^always there$/, 'immer da'],
    [/^default$/, 'Standard'],
    [/^fallback$/, 'Ersatz'],
    [/^chosen$/, 'gewählt'],
    [/^asked for$/, 'verlangt'],
    [/^(.+), account (\S+)$/, '{1}, Zugang $2'],
    [/^(.+); by cost, about \$(\S+)$/, '{1}; nach Kosten, etwa $2 $'],
    [/^(.+); by quality, (\d) of 5$/, '{1}; nach Güte, $2 von 5'],
    [/^its window of (\d+) tokens is too small$/, 'sein Fenster von $1 Tokens ist zu klein'],
    [/^it cannot see images$/, 'es sieht keine Bilder'],
    [/^it cannot call tools$/, 'es kann keine Werkzeuge benutzen'],
    [/^left alone for another (\d+) s after (.+)$/, 'ruht noch $1 s nach: {2}'],
    [/^being tried by another run after (.+)$/, 'ein anderer Lauf versucht es gerade, nach: {1}'],
    [
      /^It lists no models: check its address and key\.$/,
      'Er nennt keine Modelle: prüfe Adresse und Schlüssel.',
    ],
    [/^([a-z_]+): (.+)$/, '{1}: {2}'],
    [/^rate_limited$/, 'Kontingent erschöpft'],
    [/^auth$/, 'Schlüssel abgelehnt'],
    [/^overloaded$/, 'überlastet'],
    [/^timeout$/, 'nicht rechtzeitig geantwortet'],
    [/^network$/, 'nicht erreichbar'],
    [/^invalid_request$/, 'Anfrage abgelehnt'],
    [/^context_overflow$/, 'Gespräch zu lang'],
    [/^garbled$/, 'Antwort unlesbar'],
    [/^aborted$/, 'angehalten'],
    [/^unknown$/, 'ausgefallen'],
  ],
};
