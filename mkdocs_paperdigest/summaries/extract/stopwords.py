"""English words that a key phrase does not contain, start with, end with or consist of."""

_STOP = """
    a about above accordingly across after again against all almost along already also although always am among an and another any are
    as at away be became because become becomes been before being below besides better between beyond both but by came can cannot
    could did do does doing done down due during each e.g either else enough especially etc even ever every extensive extensively few
    finally first five for four from further furthermore get gets give given gives go had has have having hence her here herein his how
    however i i.e if in indeed instead into is it its itself just last least less let like made mainly make makes making many may me
    means might more moreover most much must my namely near nearly need needed needs neither never nevertheless new next no nor not
    notably nothing novel now of off often on once one only onto or other others otherwise our ours out over overall own paper part
    particular particularly per perhaps previous prior quite rather recent recently regarding remain remains respectively result
    resulting results same second seem seems seen several shall she should show showed showing shown shows significant significantly
    similar simple simply since six so some still such take takes ten than that the their theirs them then there thereby therefore
    these they third this those though three through throughout thus to together too toward towards two under unlike until up upon us
    use used useful uses using usually various very via was way ways we well were what when where whereas whereby whether which while
    who whole whom whose why widely will with within without work works would yet you your you're zero
    accurate achieve achieved achieves achieving address addressed addresses addressing aim aims allow allowing allows analyze apply applied
    applying argue available based baseline baselines best called capable challenge challenges challenging code common compare compared compares
    comparing consider considered consistently consists contain contains contribute contribution contributions crucial current currently
    demonstrate demonstrated demonstrates demonstrating describe described design designed develop developed developing difficult
    easily effective effectively effectiveness efficiently enable enabled enables enabling enhance enhances enhancing ensure ensures ensuring
    evaluate evaluated evaluating evidence exhibit existing experiment experiments experimental explore explored exploring facilitate
    find finding findings finds focus focuses following found fully fundamental gap generally good great greatly help helps high higher highly
    highlight highlights important improve improved improvement improvements improves improving including increase increased increasing
    increasingly inspired integrate integrates interesting introduce introduced introduces introducing investigate investigated issue issues key
    lack large larger largely lead leading leads leverage leveraged leverages leveraging limit limitation limitations limited low lower main maintain
    maintaining maintains major manner methods method methodology necessary numerous obtain obtained offer offering offers outperform
    outperforming outperforms perform performance performed performing performs popular possible potential potentially present presented presents problem problems
    produce produces promising properly propose proposed proposes proposing provide provided provides providing range reach recent reduce reduced
    reduces reducing rely relies relying represent require required requires research respect reveal reveals rich robustly set shows significantly
    small state-of-the-art state art strong struggle struggles studied studies study substantial substantially successfully suffer suffers suggest
    suggests superior surpass surpasses surpassing tackle task tasks technique techniques term terms test tested traditional train trained try typically
    understand understanding unified utilize utilizes utilizing validate validated variety verify wide widespread approach approaches abstract
    able tend tends hold holds confirm confirms indicate indicates advances advance article different difficulty directly effect effects essential exists extend extends fail fails final general growing
    idea include includes information involve involves known longer mitigate number order outcome outcomes output outputs input inputs plays process
    quality reasonable role run runs several single solve solution solutions solves solving specific specifically standard step steps success successful
    thorough time type types unique value values version whilst world years remarkable impressive comprehensive additionally
"""
STOP = frozenset(_STOP.split())
"""Function words, and the verbs and adjectives that any abstract uses."""

_NEVER_FIRST = """
    boost boosting bridging building capturing circumventing combining containing creating defining driving exploiting extracting fine
    generating incorporating integrating making optimizing overcoming predicting preserving reconstructing rethinking revisiting scaling
    steering supporting synthesizing unlocking unveiling updating yielding adapting assessing beyond binding characterizing
    computing constructing controlling detecting discovering distinguishing eliminating encouraging entire establishing estimating
    evolving full generate generates identifying inferring injecting lifting mapping measuring mining modeling predict predicts preserve
    recover recovering elevating enhanced manipulate exploring generated proposed remove removing rendered retrieving select selecting taming transferring treating unifying
"""
NEVER_FIRST = frozenset(_NEVER_FIRST.split())
"""Verbs that open titles and clauses; a phrase starts after them."""

_NEVER_LAST = """
    aware driven free guided high-fidelity high-quality large-scale end-to-end real-time long-term low-cost multiple numerical deep
    neural visual semantic spatial temporal dynamic static global local robust efficient accurate fast faster realistic photorealistic
    generative generalizable scalable flexible adaptive hierarchical geometric linear nonlinear optimal real generate generates generating
    learn learns predict predicts compact explicit implicit additional complex diverse effective whole entire overall final original
    existing underlying corresponding respective certain easy hard hidden full relevant sparse dense
"""
NEVER_LAST = frozenset(_NEVER_LAST.split())
"""Adjectives and verbs at the end of a phrase whose noun is missing."""

_NEVER_ALONE = """
    accuracy algorithm analysis application architecture attention benchmark capability class classification complexity component computation concept condition
    content context control cost data dataset detail detection device distribution domain editing efficiency effort environment error
    estimation evaluation example feature framework function generation goal human image implementation inference instance knowledge
    label language layer learning level loss machine mechanism model module network noise object optimization parameter pipeline point
    policy prediction predictor prior processing property prompt reconstruction regime region rendering representation robustness sample scenario scene
    science sequence setting simulation size space speed strategy structure subject system target text token tool training transfer update user
    field fields asset camera appearance matching imagery manipulation color style semantics cue demonstration guidance correspondence prior assets
    video view weight word agent question answer group case action state theory measure measurement rate score
"""
NEVER_ALONE = frozenset(_NEVER_ALONE.split())
"""Nouns, in the singular, that mean too little without another word."""

_EPONYMS = """
    abelian african american arabic asian banach bayes bayesian bernoulli boltzmann boolean bose brownian carlo chinese coulomb dirac dirichlet
    earth einstein english euclidean european fermi feynman fourier french gauss gaussian german hamilton hamiltonian hermitian hessian
    higgs hilbert indian ising italian jacobian japanese kalman korean kullback lagrange lagrangian laplace laplacian
    latin leibler lie lipschitz lorentz lyapunov majorana markov maxwell milky minkowski monte nash navier newton newtonian
    pareto planck poisson portuguese riemann riemannian russian schrödinger sobolev spanish stokes taylor turing twitter voronoi
    wasserstein wiener wikipedia
"""
EPONYMS = frozenset(_EPONYMS.split())
"""Names in scientific terms, which keep their capital."""
