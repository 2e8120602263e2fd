"""What the numbers of people are called, in the languages in which customers write.

A table and nothing else: kind, and the names of its numbers. `\\b` follows each.
"""

#: The kind, and what its numbers are called.
CUES: tuple[tuple[str, bytes], ...] = (
    (
        "PASSPORT",
        rb"passports?|pass-?(?:nr|nummer)\.?|passeport|pasaporte|reisepass(?:nummer)?"
        rb"|passaporto|passaporte"
        rb"|ppt(?: ?no\.?)?|paspoort(?:nummer)?|paszport|pp_?no|pp ?#|travel doc(?:ument)?"
        rb"|green card|i-94"
        rb"|visa (?:number|no\.?)",
    ),
    (
        "LICENSE",
        rb"driv(?:er|ing)(?:'?s?'?)?[ _\-]?lic(?:en[cs]e)?\b\.?|lic_?no|dvla|licen[cs]e"
        rb"|licencia(?: de conducir)?"
        rb"|permis de conduire|f\xfchrerschein(?:nummer)?|carnet de conducir|patente di guida"
        rb"|rijbewijs(?:nummer)?|prawo jazdy"
        rb"|driver(?:'?s)? (?:no\.?|number|nr)|cnh|dl(?:n|[ _]?no|[ _]?num(?:ber)?)?|oln"
        rb"|lic(?: ?#|\.? no\.?|\.| \([A-Za-z]{2,4}\))?|cdl"
        rb"|dmv(?: id)?|operator'?s licen[cs]e|state id",
    ),
    (
        "MEDICAL_ID",
        rb"mrns?|m\.r\.n\.|cart\xe3o (?:do )?sus|cns|tarjeta[ _]sanitaria|carteirinha"
        rb"|hosp(?:ital)?\.? (?:no\.?|nr|num(?:ber)?|#)|ins(?:urance)?\.? (?:id"
        rb"|no\.?"
        rb"|#)|mbr(?: ?(?:id|no\.?|#))?|tarjeta sanitaria|n\xfamero de afiliado|afiliad[oa]"
        rb"|med(?:ical)?[ _\-]?rec(?:ord)?s?|patient[ _\-]?(?:id|no|num(?:ber)?|#"
        rb"|ref)|chart(?: ?(?:no\.?|number|#|mr#))?|medicare|medicaid|mbi|hicn"
        rb"|health[ _\-]?(?:plan"
        rb"|card|insurance)|member[ _\-]?(?:id|no|num(?:ber)?|#)|memberid"
        rb"|subscriber[ _\-]?(?:id|no|num(?:ber)?|#)|insurance[ _\-]?(?:id|no|num(?:ber)?|#"
        rb"|policy)|ins_id|policy[ _\-]?(?:id|no|num(?:ber)?|holder|#)|policy"
        rb"|beneficiary[ _\-]?(?:id|no|number|#)|group[ _\-]?(?:no\.?|number|#)|rx ?(?:#"
        rb"|no\.?|number)"
        rb"|nhs|hospital (?:no\.?|number)|versichertennummer|krankenversicherungsnummer|kvnr"
        rb"|carte vitale|ohip|medical ?(?:id|number|no)|veteran id|icn|npi|dea|patient number"
        rb"|patientennummer|numero paziente|nip|pesel pacjenta|nhs(?:-| )?number|hospital number"
        rb"|account of benefits|claim(?:ant)? ?id",
    ),
    (
        "NATIONAL_ID",
        rb"national[ _\-]?(?:id(?:entity|entification)?|insurance)|nationalid|n\.?i\.?no"
        rb"|ni (?:no\.?|number|#)|nino|identity[ _\-]?(?:card|no\.?|number|document)"
        rb"|id[ _\-]?(?:card|doc(?:ument)?)|(?:government|gov|citizen|resident|sa|emirates|qatar"
        rb"|saudi|civil|state|personal|uae|hk|hong kong|malaysian|thai)[ _\-]?id"
        rb"|social insurance|sin(?: number| no\.?|#)?|ramq|nam|cnp|r\.?\x63\.|rodn\xe9 \x63\xedslo"
        rb"|oib|egn|jmbg|hkid|amka|afm|kennitala|isikukood|asmens kodas"
        rb"|personal ?ausweis(?:nummer)?|ausweis(?:nummer)?"
        rb"|steuer-?[ ]?id(?:nr|entifikationsnummer)?\.?|steueridentifikationsnummer"
        rb"|steuer(?:nummer|nr\.?)|idnr\.?|tin|sozialversicherungsnummer|sv-?(?:nummer|nr\.?)"
        rb"|ahv(?:-?(?:nummer|nr\.?))?|avs|rentenversicherungsnummer"
        rb"|num\xe9ro de s\xe9cu(?:rit\xe9 sociale)?|s\xe9cu(?:rit\xe9 sociale)?|secu|nir|insee"
        rb"|num\xe9ro fiscal|spi|carte d'identit\xe9|cni|codice[ _]?fiscale|cod\.? ?fisc\.?|c\.f\."
        rb"|partita iva|burgerservicenummer|bsn|rijksregister(?:nummer|nr\.?)|registre national"
        rb"|niss|insz"
        rb"|pesel|personn(?:umme)?r\.?|\x63\xedslo op|taj|pnr|f\xf8dselsnummer|fnr"
        rb"|cpr(?:-?(?:nummer|nr\.?))?|hetu"
        rb"|henkil\xf6tunnus|sotu|pps(?:n|[ -]?(?:no\.?|number))?|contribuinte|nif|nie|dni"
        rb"|cart\xe3o de cidad\xe3o|bilhete de identidade|cpf|cnpj|rg|pis(?:/nis|/pasep)?|nis"
        rb"|bvn|id_za|curp|rfc|nss|imss|ine"
        rb"|clave de elector"
        rb"|kra pin|nas|kitambulisho|ausweis ?nr\.?|cuil|cuit|rut|run"
        rb"|c[\xe9e]dula(?: de (?:ciudadan\xeda|identidad))?"
        rb"|carn[\xe9e] de identidad|c\.c\.|aadha{1,2}r|adhaar|aadhar|uidai|pan(?: ?(?:card|no\.?"
        rb"|number))?|voter ?id|epic|my ?number|individual ?number|rrn|nric|fin(?: ?no\.?)?|mykad"
        rb"|tfn|tax file|ird|idnumber|id_number|national_?no|nin|nik|ktp|tckn|tc kimlik|tc"
        rb"|teudat zehut|t\.z\.|tz|iqama"
        rb"|a[ -]?number|a-?#|alien (?:registration )?(?:no\.?|number|#)|alien #|uscis(?: ?#"
        rb"| number)?"
        rb"|dod[ _-]?id|edipi|edi-?pi|cac (?:id|no\.?|number)|service (?:number|no\.?|#)"
        rb"|employee ?(?:id|no\.?|number|#)|known traveler(?: number)?|ktn|ktn|inmate (?:no\.?"
        rb"|number|id)|va file(?: number| no\.?)?|c-file|claim number|case worker id",
    ),
    (
        "ACCOUNT",
        rb"(?:bank |customer |checking |savings |patron |billing |utility |loan |credit "
        rb"|debit )?(?:account|acct|a/c)(?: ?(?:no\.?|number|num|nr\.?|#))|(?:bank |customer "
        rb"|checking |savings |patron |utility )(?:account|acct)|(?:account|acct|acc|a/c)"
        rb"|cust(?:omer)?\.? ?(?:no\.?|number|nr\.?|#)|crn|polis(?:nummer| ?nr\.?)?|p\xf3liza"
        rb"|poliza|ap\xf3lice|accountnumber|acctno|konto(?:nummer|nr\.?)?"
        rb"|kunden(?:nummer|nr\.?|konto)|kd\.?[ -]{0,2}nr\.?|kundenr\.?|client (?:no\.?|number"
        rb"|id|#)|nuban"
        rb"|compte(?: bancaire)?|num\xe9ro de compte|num\xe9ro de client|n\xb0 client"
        rb"|cuenta(?: bancaria)?|n\xfamero de cuenta|clabe|conta(?: corrente)?|rekening(?:nummer)?"
        rb"|klantnummer|numero cliente|membership(?: ?(?:id|no\.?|number|#))?|loyalty(?: ?(?:id"
        rb"|no\.?|number|#))|frequent flyer",
    ),
    (
        "VEHICLE",
        rb"vin|(?:licen[cs]e|number|car|vehicle|registration)[ _\-]?plates?|plate(?: ?(?:no\.?"
        rb"|number|#))?|tag ?#|kennzeichen|immatriculation|matr\xedcula|placa|targa|kenteken"
        rb"|vehicle reg(?:istration)?|reg(?:istration)? (?:no\.?|number|plate)",
    ),
)
