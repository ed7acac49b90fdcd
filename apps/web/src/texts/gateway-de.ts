import type { GatewayTexts } from '../lib/gateway-texts.ts';
import { faultsDe } from './faults-de.ts';
import { auditOutcomesDe, auditTypesDe, policiesDe, policyNamesDe } from './gateway-records-de.ts';
import { gatewaySettingsDe } from './gateway-settings-de.ts';
import { ownFaultDe } from './page-faults.ts';

/** What the gateway says in English, for a page in German; loaded after the first view. */
export const gatewayDe = {
  auditTypes: auditTypesDe,
  auditOutcomes: auditOutcomesDe,
  policyNames: policyNamesDe,
  policies: policiesDe,
  settings: {
    ...gatewaySettingsDe,
    'gateway.port': 'TCP-Port; bei 0 wählt das System.',
    'gateway.host':
      'Adresse, auf der Reeve lauscht. Alles außer der eigenen (Loopback) macht Reeve für andere erreichbar.',
    'gateway.allowedHosts':
      'Weitere Rechnernamen, unter denen Reeve geöffnet werden darf (etwa hinter einem Reverse Proxy).',
    'gateway.corsOrigins': 'Herkünfte (Origins), deren Seiten die Schnittstelle aufrufen dürfen.',
    'gateway.bodyLimitBytes': 'Größter Inhalt einer Anfrage, in Bytes.',
    'gateway.trustProxy': 'Dem X-Forwarded-For eines Reverse Proxys glauben.',
    'gateway.auth.mode':
      'Was außer Konten und ihren API-Schlüsseln die Tür öffnet: token = nichts, password = ein gemeinsames Passwort, device-token = Verbindungen müssen einen eigenen Schlüssel vorweisen, trusted-proxy = ein Proxy nennt die Person, none = jeder an diesem Rechner (nur loopback).',
    'gateway.auth.password': 'Hash des gemeinsamen Passworts, erzeugt mit `reeve token hash-password`.',
    'gateway.auth.proxy.addresses': 'Adressen oder Netze des Proxys, der Personen nennen darf.',
    'gateway.auth.proxy.userHeader': 'Header, in dem der Proxy die Person mit ihrer E-Mail-Adresse nennt.',
    'gateway.auth.proxy.unknown': 'Was mit einer Person geschieht, die Reeve nicht kennt.',
    'identity.maxSessions':
      'Wie oft eine Person gleichzeitig angemeldet sein darf; die älteste Anmeldung endet.',
    'identity.sessionDays': 'Tage, bis man sich neu anmelden muss.',
    'identity.publicUrl': 'Adresse dieses Reeve in verschickten Links; leer = die, auf der es lauscht.',
    'identity.smtp.host': 'Mailserver für Links; leer = es wird nichts verschickt.',
    'identity.smtp.port': 'Port des Mailservers.',
    'identity.smtp.secure': 'TLS vom ersten Byte an (Port 465); sonst STARTTLS.',
    'identity.smtp.user': 'Benutzername am Mailserver; leer = keiner.',
    'identity.smtp.password': 'Passwort am Mailserver, am besten als secret:NAME.',
    'identity.smtp.from': 'Absender der Mails; leer = der Benutzername.',
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
    'secrets.backend':
      'Wo Geheimnisse liegen: local = verschlüsselt im Datenordner, vault = HashiCorp Vault, sops = eine SOPS-Datei (nur lesen), env = Variablen (nur lesen).',
    'secrets.key':
      'Was die lokalen öffnet: file = vault.key im Datenordner, keychain = der Schlüsselbund des Systems, passphrase = wird von `reeve secret unlock` verlangt.',
    'secrets.vaultAddress': 'Adresse von HashiCorp Vault, etwa https://vault.example:8200.',
    'secrets.vaultMount': 'Ort (mount) seiner KV-Engine, Version 2.',
    'secrets.vaultPath': 'Pfad darunter.',
    'secrets.vaultNamespace': 'Sein Namensraum; leer = keiner.',
    'secrets.vaultTokenFile': 'Datei mit seinem Token; leer = die Variable VAULT_TOKEN.',
    'secrets.sopsFile': 'Die SOPS-Datei, mit age verschlüsselt.',
    'secrets.sopsKeyFile': 'Datei mit dem age-Schlüssel der SOPS-Datei; leer = dort, wo SOPS ihn sucht.',
    'secrets.envPrefix': 'Variablen, die so beginnen, sind mit dem Backend env Geheimnisse.',
    'policy.profile':
      'Welche der mitgelieferten Regeln gelten: household = vertrauen und vor dem fragen, was schwer zurückzunehmen ist, production = vor jeder Änderung fragen, locked = nichts wirkt ohne einen Admin.',
    'approvals.attendedSeconds.low':
      'Sekunden, die eine Frage mit geringem Risiko wartet, solange jemand da ist.',
    'approvals.attendedSeconds.medium':
      'Sekunden, die eine Frage mit mittlerem Risiko wartet, solange jemand da ist.',
    'approvals.attendedSeconds.high':
      'Sekunden, die eine Frage mit hohem Risiko wartet, solange jemand da ist.',
    'approvals.attendedSeconds.critical': 'Sekunden, die eine kritische Frage wartet, solange jemand da ist.',
    'approvals.unattendedDays':
      'Tage, die eine Frage wartet, wenn niemand da ist: aus einem Zeitplan, oder nachdem du gegangen bist.',
    'approvals.rules.<name>.tools': 'Werkzeuge, um die es geht; leer = alle.',
    'approvals.rules.<name>.when':
      'Bedingungen an die Angaben des Aufrufs, die alle gelten müssen: NAME [not] equals WERT, like MUSTER (* steht für beliebiges), in A, B.',
    'approvals.rules.<name>.risk': 'Das Risiko, das ein solcher Aufruf mindestens hat.',
    'approvals.sessionMinutes': 'Minuten, die die Antwort „für dieses Gespräch“ gilt.',
    'engine.concurrency': 'Läufe zur selben Zeit, über alle Gespräche.',
    'engine.laneLimit': 'Nachrichten, die in einem Gespräch warten dürfen.',
    'log.level': 'Was in logs/ geschrieben wird.',
  },
  faults: faultsDe,
  ownFault: ownFaultDe,
  phrases: [
    // What a setting may be.
    [/^true \| false$/, 'ein oder aus'],
    [/^list of text$/, 'Liste von Texten'],
    [/^list of text, not empty$/, 'Liste von Texten, nicht leer'],
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
    // Why something is asked about.
    [/^no policy permits it$/, 'keine Richtlinie erlaubt es'],
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
    [/^account (\S+): (.+)$/, 'Zugang $1: {2}'],
    [/^it said nothing for (\d+) ms$/, 'es hat $1 ms lang nichts gesagt'],
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
} satisfies GatewayTexts;
