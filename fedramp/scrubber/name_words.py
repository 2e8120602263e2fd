"""Words beside names (ranks, suffixes, things), and how surnames and other words end."""

#: Ranks, offices and forms of address; not part of the name that follows.
RANKS = frozenset(
    b"""
mr mrs ms miss mx dr prof professor herr frau mme mlle madame monsieur se\xf1or se\xf1ora sr sra
srta sir madam dame lady lord sgt sergeant cpl corporal capt captain cpt lt lieutenant ltc ltjg
lcdr cdr col colonel maj major gen general adm admiral radm vadm cmdr commander pvt pfc spc ssgt
ssg msgt msg tsgt sfc smsgt cmsgt csm gysgt lcpl cpo scpo mcpo po1 po2 po3 cw2 cw3 cw4 cw5 wo1
ens ensign amn a1c rev reverend hon honorable judge justice officer ofc det detective nurse
deputy sheriff chief constable inspector insp trooper sen senator rep congressman congresswoman
gov governor mayor ambassador pastor father fr sister brother rabbi imam sheikh coach principal
president chancellor dean aunt auntie uncle supt superintendent dott dottssa sig sigra signora
signor signore dhr mevr mevrouw meneer hr pan pani panie smt shri sri kum bapak ibu pak bu tuan
puan doctor don do\xf1a dipl ing mag univ agent fru pane
""".split()
)
SUFFIXES = frozenset(b"jr sr ii iii iv esq phd md rn dds cpa".split())
#: With a name before it, the name of a thing.
THINGS = frozenset(
    b"""
queue queues server servers host hosts node nodes cluster job jobs pipeline build builds class
classes module street road avenue lane county city river lake university college school hospital
clinic inc llc ltd gmbh corp corporation company bank airport center centre station hall building
room version release project campaign program framework hotel street district province island
airlines motors foods pharmacy foundation institute library museum park stadium bridge tower square
desktop edition language database library plugin servlet service services api sdk cli app gateway
division branch office site region tenant workspace log logs model models award theorem protocol
algorithm chart test tests syndrome disease method table tables flow flows skill skills
""".split()
)
ENDS_LIKE_SURNAME = tuple(
    b"""
ski ska sky skyy wicz czyk czak enko dottir sson ssen opoulos opoulou yan shvili adze escu ovic
evic ovich evich ova eva ov ev oglu inen aitis auskas ishvili chuk qvist strom berg stein mann
bauer meier meyer quist borough worth swamy singh putra zadeh pour
""".split()
)
ENDS_LIKE_WORD = tuple(
    b"""
tion sion ment ness ity able ible ing ings ism ware ship ance ence ology ics ative ally less ful
ified ized ated
""".split()
)
