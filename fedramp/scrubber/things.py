"""Names of things that are names of people too: tools, brands, dogs, cars, letters on the radio."""

from .projection import compiled

TOOLS = frozenset(
    b"jenkins travis circle jasmine karma mocha chai jest cypress"
    b" selenium gradle maven ant bamboo drone puppet chef"
    b" ansible vagrant salt nomad consul vault kafka cassandra hive"
    b" pig oozie redis mongo django flask celery rails"
    b" sinatra ember angular react vue svelte julia ruby perl python"
    b" scala crystal elixir haskell pascal ada swift"
    b" rust kotlin dart elm grafana kibana argo flux tekton spinnaker"
    b" jekyll hugo gatsby hudson trivy istio".split()
)
BUILDS = frozenset(
    b"jira github gitlab bitbucket docker kubernetes ci cd pipeline"
    b" pipelines build builds repo commit"
    b" deploy deployment job jobs unit tests npm pip yarn webhook"
    b" artifact sonar nexus terraform".split()
)
NATO = frozenset(
    b"alfa alpha bravo charlie delta echo foxtrot golf hotel india"
    b" juliet juliett kilo lima mike november oscar papa"
    b" quebec romeo sierra tango uniform victor whiskey xray yankee zulu".split()
)
#: A finding within one of these is part of it.
BRANDS = compiled(
    rb"(?:ben (?:&|and) jerry'?s?|jack daniel'?s?|dr\.? pepper|uncle"
    rb" sam|uncle ben'?s?|aunt jemima|johnson (?:&|and) johnson|mary"
    rb" kay"
    rb"|papa john'?s|trader joe'?s|sam'?s club|victoria'?s secret"
    rb"|wendy'?s|arby'?s|denny'?s|levi'?s|macy'?s|kohl'?s|lowe'?s"
    rb"|mcdonald'?s|hardee'?s"
    rb"|calvin klein|ralph lauren|tommy hilfiger|hugo boss|michael"
    rb" kors|kate spade|louis vuitton|jim beam|johnnie walker|captain"
    rb" morgan|jose cuervo"
    rb"|samuel adams|harley[ \-]davidson|rolls[ \-]royce|aston martin"
    rb"|land rover|mercedes[ \-]benz|john deere|caterpillar|jp ?morgan"
    rb"|morgan stanley"
    rb"|charles schwab|wells fargo|goldman sachs|merrill lynch|edward"
    rb" jones|t\.? rowe price|ernst (?:&|and) young|mckinsey|booz"
    rb" allen|lockheed martin"
    rb"|general dynamics|martin marietta|eli lilly|johns hopkins|mayo"
    rb" clinic|cleveland clinic|red lobster|olive garden|jack in the"
    rb" box|in-n-out"
    rb"|hey,? jude|billie jean|mustang sally|proud mary|dear prudence"
    rb"|eleanor rigby|sweet caroline|come on eileen|barbara ann|long"
    rb" tall sally"
    rb"|maggie may|lovely rita|ruby tuesday|bohemian rhapsody|f[u\xfc]r"
    rb" elise|clair de lune|georgia on my mind|christmas carol|bloody"
    rb" mary|shirley temple"
    rb"|tom collins|arnold palmer|monte cristo|caesar salad|waldorf"
    rb"|jack[ \-]and[ \-]jill|jack[ \-]o'?[ \-]lantern|jack of all"
    rb"|john doe|jane doe|joe public|john q\.? public|joe average"
    rb"|joe blow"
    rb"|murphy'?s law|moore'?s law|occam'?s|ohm'?s law|parkinson'?s"
    rb"|alzheimer'?s|crohn'?s|hodgkin'?s|down'?s syndrome|lou gehrig'?s"
    rb"|st\.? patrick'?s|valentine'?s day|mother'?s day|father'?s"
    rb" day|martin luther king (?:jr\.? )?day|mlk day"
    rb"|jackson hole|madison avenue|austin powers|virginia beach|virginia"
    rb" tech|carson city|jefferson city|jackson heights|lincoln center"
    rb"|madison square|dallas[ /\-]fort worth|st\.? louis|st\.? paul"
    rb"|san jose|san diego|santa clara|new england|queen anne|prince"
    rb" george'?s?|christmas (?:eve|day)|kia ora|murphy bed|adam'?s"
    rb" apple|bob'?s your uncle|keeping up with the joneses|joe pye"
    rb"|agent (?:assist|copilot)|workforce (?:management|engagement)|poly (?:blackwire|voyager|edge"
    rb"|studio|savi)|(?:allen|torx) (?:keys?|wrench|bolts?|screws?)|stanley (?:knife|knives|cup)"
    rb"|phillips (?:head|screw)|granny smith|jack russell|king charles (?:spaniel|cavalier)"
    rb"|spinning jenny|st\.? bernard|doberman|(?:subaru|chevy|chevrolet|toyota|honda|dodge|jeep"
    rb"|nissan|hyundai|kia|mazda|tesla|bmw|audi|volkswagen|vw|volvo|lexus|gmc|buick|cadillac"
    rb"|chrysler|porsche|skoda|renault|peugeot|citro[e\xeb]n|fiat|opel|mitsubishi|suzuki|acura"
    rb"|pontiac) [a-z]{3,14}|ford (?:focus|fiesta|escape|explorer|ranger|transit|mustang|edge"
    rb"|fusion|galaxy|mondeo|taurus)"
    rb"|stella mccartney|doc martens?|morris minor|mini cooper|peggy sue|rosa parks"
    rb" (?:transit|station|circle)|steve madden|dr\.? scholl'?s|dr\.? martens|mr\.? (?:clean"
    rb"|coffee|bean)|mrs\.? (?:butterworth'?s?|doubtfire)|alan turing"
    rb" room|marie curie room)",
    fold=True,
)
