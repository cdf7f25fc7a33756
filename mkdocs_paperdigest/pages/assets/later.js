(() => {
const { one, all, make, word, isChord, setUrl, reveal, idIn, allPapers } = pdTools;
let box, links, at;

const button = (className, label, text, onclick) =>
	make("button", className, text, { type: "button", title: label, ariaLabel: label, onclick });

Object.assign(pdTools, { show, go, showKeys, say, goToPaper });

// The picture beside a summary leads to its figure.
function show({ href }) {
	const figure = all(".pd-gallery a:has(img)").find((link) => link.href === href);
	if (!figure) return location.assign(href);
	if (window.GLightbox && figure.matches(".glightbox")) return figure.click();
	links = all("a.pd-zoom, a.glightbox", figure.closest(".pd-gallery"));
	box ||= lightbox();
	box.showModal();
	showFigure(links.indexOf(figure));
}

function lightbox() {
	const stage = make("div", "pd-stage");
	let start = null;
	const zoom = (wanted, x, y) => {
		const image = stage.firstChild;
		const { width, height } = image;
		const zoomed = stage.classList.toggle("pd-zoomed", wanted);
		image.style.width = zoomed ? `${Math.max(2 * width, image.naturalWidth)}px` : "";
		const scale = image.width / width;
		stage.scrollTo((x ?? width / 2) * scale - stage.clientWidth / 2, (y ?? height / 2) * scale - stage.clientHeight / 2);
	};
	stage.onclick = (event) => {
		if (event.target === stage) return made.close();
		zoom(undefined, event.offsetX, event.offsetY);
	};
	stage.onpointerdown = (event) => { start = event.isPrimary ? event.clientX : null; };
	stage.onpointerup = (event) => {
		const moved = start === null || event.pointerType === "mouse" ? 0 : event.clientX - start;
		if (Math.abs(moved) > 60 && !isZoomed()) turn(moved < 0 ? 1 : -1);
	};
	const close = button("pd-close", word("close"), "×", () => made.close());
	close.autofocus = true;
	const made = make("dialog", "pd-lightbox", [
		stage,
		close,
		button("pd-previous", word("previous"), "‹", () => turn(-1)),
		button("pd-next", word("next"), "›", () => turn(1)),
		make("span", "pd-position"),
		make("div", "pd-legend"),
	]);
	made.onkeydown = (event) => {
		// The theme listens to keys too.
		event.stopPropagation();
		if (isChord(event)) return;
		const larger = { "+": true, "=": true, "-": false, z: !isZoomed() }[event.key];
		if (larger !== undefined && larger !== isZoomed()) zoom(larger);
		const way = { ArrowRight: 1, ArrowLeft: -1, Home: -at, End: -1 - at }[event.key];
		if (way !== undefined && !isZoomed()) turn(way);
	};
	made.onclose = () => links[at].focus();
	document.body.append(made);
	return made;
}

const isZoomed = () => !!one(".pd-zoomed", box);
const turn = (way) => showFigure((at + way + links.length) % links.length);

function showFigure(number) {
	at = number;
	const image = one("img", links[at]);
	const large = Object.assign(image.cloneNode(), { loading: "eager", src: links[at].href });
	const legend = make("div", "", [...one("figcaption", image.closest("figure")).cloneNode(true).childNodes]);
	const stage = one(".pd-stage", box);
	stage.classList.remove("pd-zoomed");
	stage.replaceChildren(large);
	one(".pd-legend", box).replaceChildren(legend);
	one(".pd-position", box).textContent = `${at + 1} / ${links.length}`;
	box.ariaLabel = one("b", legend)?.textContent;
}

function go(way) {
	const titles = all("h2.pd-title").filter((title) => title.offsetParent);
	const top = (title) => title.getBoundingClientRect().top - parseFloat(getComputedStyle(title).scrollMarginTop);
	const here = titles.indexOf(document.activeElement);
	const next = here >= 0 ? titles[here + way]
		: way > 0 ? titles.find((title) => top(title) > 8) : titles.findLast((title) => top(title) < -8);
	if (!next) return;
	reveal(next);
	next.tabIndex = -1;
	next.focus({ preventScroll: true });
	next.scrollIntoView();
	setUrl(`#${next.id}`);
}

function showKeys() {
	const dialog = one(".pd-keys");
	if (!dialog) return;
	dialog.onkeydown = (event) => event.stopPropagation();
	dialog.onclick = () => dialog.close();
	dialog.showModal();
}

const said = document.body.appendChild(make("div", "pd-said", "", { role: "status" }));

function say(text) {
	said.textContent = text;
	if (text) setTimeout(say, 3000, "");
}

async function goToPaper(asked) {
	const home = one(".pd-home");
	if (!home) return;
	const id = idIn(asked);
	const found = (await allPapers()).find((paper) => [asked, id].includes(paper.id));
	if (found) return location.replace(found.href);
	const link = id ? make("a", "", "arXiv", { href: `https://arxiv.org/abs/${id}` }) : "";
	if (window.paperdigest) home.after(make("p", "pd-notice", [`${word("unknown", asked)} `, link]));
}
})();
