var U3=Object.defineProperty;var G3=Object.getOwnPropertyDescriptor;var i=(M,L,C,H)=>{for(var V=H>1?void 0:H?G3(L,C):L,e=M.length-1,r;e>=0;e--)(r=M[e])&&(V=(H?r(L,C,V):r(V))||V);return H&&V&&U3(L,C,V),V};var p2=globalThis,l2=p2.ShadowRoot&&(p2.ShadyCSS===void 0||p2.ShadyCSS.nativeShadow)&&"adoptedStyleSheets"in Document.prototype&&"replace"in CSSStyleSheet.prototype,W2=Symbol(),R5=new WeakMap,Q1=class{constructor(L,C,H){if(this._$cssResult$=!0,H!==W2)throw Error("CSSResult is not constructable. Use `unsafeCSS` or `css` instead.");this.cssText=L,this.t=C}get styleSheet(){let L=this.o,C=this.t;if(l2&&L===void 0){let H=C!==void 0&&C.length===1;H&&(L=R5.get(C)),L===void 0&&((this.o=L=new CSSStyleSheet).replaceSync(this.cssText),H&&R5.set(C,L))}return L}toString(){return this.cssText}},F5=M=>new Q1(typeof M=="string"?M:M+"",void 0,W2),x=(M,...L)=>{let C=M.length===1?M[0]:L.reduce((H,V,e)=>H+(r=>{if(r._$cssResult$===!0)return r.cssText;if(typeof r=="number")return r;throw Error("Value passed to 'css' function must be a 'css' function result: "+r+". Use 'unsafeCSS' to pass non-literal values, but take care to ensure page security.")})(V)+M[e+1],M[0]);return new Q1(C,M,W2)},E5=(M,L)=>{if(l2)M.adoptedStyleSheets=L.map(C=>C instanceof CSSStyleSheet?C:C.styleSheet);else for(let C of L){let H=document.createElement("style"),V=p2.litNonce;V!==void 0&&H.setAttribute("nonce",V),H.textContent=C.cssText,M.appendChild(H)}},U2=l2?M=>M:M=>M instanceof CSSStyleSheet?(L=>{let C="";for(let H of L.cssRules)C+=H.cssText;return F5(C)})(M):M;var{is:Q3,defineProperty:K3,getOwnPropertyDescriptor:q3,getOwnPropertyNames:j3,getOwnPropertySymbols:X3,getPrototypeOf:Y3}=Object,m2=globalThis,D5=m2.trustedTypes,J3=D5?D5.emptyScript:"",C0=m2.reactiveElementPolyfillSupport,K1=(M,L)=>M,q1={toAttribute(M,L){switch(L){case Boolean:M=M?J3:null;break;case Object:case Array:M=M==null?M:JSON.stringify(M)}return M},fromAttribute(M,L){let C=M;switch(L){case Boolean:C=M!==null;break;case Number:C=M===null?null:Number(M);break;case Object:case Array:try{C=JSON.parse(M)}catch{C=null}}return C}},s2=(M,L)=>!Q3(M,L),_5={attribute:!0,type:String,converter:q1,reflect:!1,useDefault:!1,hasChanged:s2};Symbol.metadata??=Symbol("metadata"),m2.litPropertyMetadata??=new WeakMap;var o1=class extends HTMLElement{static addInitializer(L){this._$Ei(),(this.l??=[]).push(L)}static get observedAttributes(){return this.finalize(),this._$Eh&&[...this._$Eh.keys()]}static createProperty(L,C=_5){if(C.state&&(C.attribute=!1),this._$Ei(),this.prototype.hasOwnProperty(L)&&((C=Object.create(C)).wrapped=!0),this.elementProperties.set(L,C),!C.noAccessor){let H=Symbol(),V=this.getPropertyDescriptor(L,H,C);V!==void 0&&K3(this.prototype,L,V)}}static getPropertyDescriptor(L,C,H){let{get:V,set:e}=q3(this.prototype,L)??{get(){return this[C]},set(r){this[C]=r}};return{get:V,set(r){let o=V?.call(this);e?.call(this,r),this.requestUpdate(L,o,H)},configurable:!0,enumerable:!0}}static getPropertyOptions(L){return this.elementProperties.get(L)??_5}static _$Ei(){if(this.hasOwnProperty(K1("elementProperties")))return;let L=Y3(this);L.finalize(),L.l!==void 0&&(this.l=[...L.l]),this.elementProperties=new Map(L.elementProperties)}static finalize(){if(this.hasOwnProperty(K1("finalized")))return;if(this.finalized=!0,this._$Ei(),this.hasOwnProperty(K1("properties"))){let C=this.properties,H=[...j3(C),...X3(C)];for(let V of H)this.createProperty(V,C[V])}let L=this[Symbol.metadata];if(L!==null){let C=litPropertyMetadata.get(L);if(C!==void 0)for(let[H,V]of C)this.elementProperties.set(H,V)}this._$Eh=new Map;for(let[C,H]of this.elementProperties){let V=this._$Eu(C,H);V!==void 0&&this._$Eh.set(V,C)}this.elementStyles=this.finalizeStyles(this.styles)}static finalizeStyles(L){let C=[];if(Array.isArray(L)){let H=new Set(L.flat(1/0).reverse());for(let V of H)C.unshift(U2(V))}else L!==void 0&&C.push(U2(L));return C}static _$Eu(L,C){let H=C.attribute;return H===!1?void 0:typeof H=="string"?H:typeof L=="string"?L.toLowerCase():void 0}constructor(){super(),this._$Ep=void 0,this.isUpdatePending=!1,this.hasUpdated=!1,this._$Em=null,this._$Ev()}_$Ev(){this._$ES=new Promise(L=>this.enableUpdating=L),this._$AL=new Map,this._$E_(),this.requestUpdate(),this.constructor.l?.forEach(L=>L(this))}addController(L){(this._$EO??=new Set).add(L),this.renderRoot!==void 0&&this.isConnected&&L.hostConnected?.()}removeController(L){this._$EO?.delete(L)}_$E_(){let L=new Map,C=this.constructor.elementProperties;for(let H of C.keys())this.hasOwnProperty(H)&&(L.set(H,this[H]),delete this[H]);L.size>0&&(this._$Ep=L)}createRenderRoot(){let L=this.shadowRoot??this.attachShadow(this.constructor.shadowRootOptions);return E5(L,this.constructor.elementStyles),L}connectedCallback(){this.renderRoot??=this.createRenderRoot(),this.enableUpdating(!0),this._$EO?.forEach(L=>L.hostConnected?.())}enableUpdating(L){}disconnectedCallback(){this._$EO?.forEach(L=>L.hostDisconnected?.())}attributeChangedCallback(L,C,H){this._$AK(L,H)}_$ET(L,C){let H=this.constructor.elementProperties.get(L),V=this.constructor._$Eu(L,H);if(V!==void 0&&H.reflect===!0){let e=(H.converter?.toAttribute!==void 0?H.converter:q1).toAttribute(C,H.type);this._$Em=L,e==null?this.removeAttribute(V):this.setAttribute(V,e),this._$Em=null}}_$AK(L,C){let H=this.constructor,V=H._$Eh.get(L);if(V!==void 0&&this._$Em!==V){let e=H.getPropertyOptions(V),r=typeof e.converter=="function"?{fromAttribute:e.converter}:e.converter?.fromAttribute!==void 0?e.converter:q1;this._$Em=V;let o=r.fromAttribute(C,e.type);this[V]=o??this._$Ej?.get(V)??o,this._$Em=null}}requestUpdate(L,C,H,V=!1,e){if(L!==void 0){let r=this.constructor;if(V===!1&&(e=this[L]),H??=r.getPropertyOptions(L),!((H.hasChanged??s2)(e,C)||H.useDefault&&H.reflect&&e===this._$Ej?.get(L)&&!this.hasAttribute(r._$Eu(L,H))))return;this.C(L,C,H)}this.isUpdatePending===!1&&(this._$ES=this._$EP())}C(L,C,{useDefault:H,reflect:V,wrapped:e},r){H&&!(this._$Ej??=new Map).has(L)&&(this._$Ej.set(L,r??C??this[L]),e!==!0||r!==void 0)||(this._$AL.has(L)||(this.hasUpdated||H||(C=void 0),this._$AL.set(L,C)),V===!0&&this._$Em!==L&&(this._$Eq??=new Set).add(L))}async _$EP(){this.isUpdatePending=!0;try{await this._$ES}catch(C){Promise.reject(C)}let L=this.scheduleUpdate();return L!=null&&await L,!this.isUpdatePending}scheduleUpdate(){return this.performUpdate()}performUpdate(){if(!this.isUpdatePending)return;if(!this.hasUpdated){if(this.renderRoot??=this.createRenderRoot(),this._$Ep){for(let[V,e]of this._$Ep)this[V]=e;this._$Ep=void 0}let H=this.constructor.elementProperties;if(H.size>0)for(let[V,e]of H){let{wrapped:r}=e,o=this[V];r!==!0||this._$AL.has(V)||o===void 0||this.C(V,void 0,e,o)}}let L=!1,C=this._$AL;try{L=this.shouldUpdate(C),L?(this.willUpdate(C),this._$EO?.forEach(H=>H.hostUpdate?.()),this.update(C)):this._$EM()}catch(H){throw L=!1,this._$EM(),H}L&&this._$AE(C)}willUpdate(L){}_$AE(L){this._$EO?.forEach(C=>C.hostUpdated?.()),this.hasUpdated||(this.hasUpdated=!0,this.firstUpdated(L)),this.updated(L)}_$EM(){this._$AL=new Map,this.isUpdatePending=!1}get updateComplete(){return this.getUpdateComplete()}getUpdateComplete(){return this._$ES}shouldUpdate(L){return!0}update(L){this._$Eq&&=this._$Eq.forEach(C=>this._$ET(C,this[C])),this._$EM()}updated(L){}firstUpdated(L){}};o1.elementStyles=[],o1.shadowRootOptions={mode:"open"},o1[K1("elementProperties")]=new Map,o1[K1("finalized")]=new Map,C0?.({ReactiveElement:o1}),(m2.reactiveElementVersions??=[]).push("2.1.2");var Q2=globalThis,N5=M=>M,v2=Q2.trustedTypes,z5=v2?v2.createPolicy("lit-html",{createHTML:M=>M}):void 0,K2="$lit$",a1=`lit$${Math.random().toFixed(9).slice(2)}$`,q2="?"+a1,H0=`<${q2}>`,h1=document,X1=()=>h1.createComment(""),Y1=M=>M===null||typeof M!="object"&&typeof M!="function",j2=Array.isArray,K5=M=>j2(M)||typeof M?.[Symbol.iterator]=="function",G2=`[ 	
\f\r]`,j1=/<(?:(!--|\/[^a-zA-Z])|(\/?[a-zA-Z][^>\s]*)|(\/?$))/g,I5=/-->/g,W5=/>/g,Z1=RegExp(`>|${G2}(?:([^\\s"'>=/]+)(${G2}*=${G2}*(?:[^ 	
\f\r"'\`<>=]|("|')|))|$)`,"g"),U5=/'/g,G5=/"/g,q5=/^(?:script|style|textarea|title)$/i,X2=M=>(L,...C)=>({_$litType$:M,strings:L,values:C}),t=X2(1),U=X2(2),H7=X2(3),A1=Symbol.for("lit-noChange"),P=Symbol.for("lit-nothing"),Q5=new WeakMap,S1=h1.createTreeWalker(h1,129);function j5(M,L){if(!j2(M)||!M.hasOwnProperty("raw"))throw Error("invalid template strings array");return z5!==void 0?z5.createHTML(L):L}var X5=(M,L)=>{let C=M.length-1,H=[],V,e=L===2?"<svg>":L===3?"<math>":"",r=j1;for(let o=0;o<C;o++){let A=M[o],l,f,m=-1,g=0;for(;g<A.length&&(r.lastIndex=g,f=r.exec(A),f!==null);)g=r.lastIndex,r===j1?f[1]==="!--"?r=I5:f[1]!==void 0?r=W5:f[2]!==void 0?(q5.test(f[2])&&(V=RegExp("</"+f[2],"g")),r=Z1):f[3]!==void 0&&(r=Z1):r===Z1?f[0]===">"?(r=V??j1,m=-1):f[1]===void 0?m=-2:(m=r.lastIndex-f[2].length,l=f[1],r=f[3]===void 0?Z1:f[3]==='"'?G5:U5):r===G5||r===U5?r=Z1:r===I5||r===W5?r=j1:(r=Z1,V=void 0);let y=r===Z1&&M[o+1].startsWith("/>")?" ":"";e+=r===j1?A+H0:m>=0?(H.push(l),A.slice(0,m)+K2+A.slice(m)+a1+y):A+a1+(m===-2?o:y)}return[j5(M,e+(M[C]||"<?>")+(L===2?"</svg>":L===3?"</math>":"")),H]},J1=class M{constructor({strings:L,_$litType$:C},H){let V;this.parts=[];let e=0,r=0,o=L.length-1,A=this.parts,[l,f]=X5(L,C);if(this.el=M.createElement(l,H),S1.currentNode=this.el.content,C===2||C===3){let m=this.el.content.firstChild;m.replaceWith(...m.childNodes)}for(;(V=S1.nextNode())!==null&&A.length<o;){if(V.nodeType===1){if(V.hasAttributes())for(let m of V.getAttributeNames())if(m.endsWith(K2)){let g=f[r++],y=V.getAttribute(m).split(a1),B=/([.?@])?(.*)/.exec(g);A.push({type:1,index:e,name:B[2],strings:y,ctor:B[1]==="."?c2:B[1]==="?"?u2:B[1]==="@"?Z2:f1}),V.removeAttribute(m)}else m.startsWith(a1)&&(A.push({type:6,index:e}),V.removeAttribute(m));if(q5.test(V.tagName)){let m=V.textContent.split(a1),g=m.length-1;if(g>0){V.textContent=v2?v2.emptyScript:"";for(let y=0;y<g;y++)V.append(m[y],X1()),S1.nextNode(),A.push({type:2,index:++e});V.append(m[g],X1())}}}else if(V.nodeType===8)if(V.data===q2)A.push({type:2,index:e});else{let m=-1;for(;(m=V.data.indexOf(a1,m+1))!==-1;)A.push({type:7,index:e}),m+=a1.length-1}e++}}static createElement(L,C){let H=h1.createElement("template");return H.innerHTML=L,H}};function g1(M,L,C=M,H){if(L===A1)return L;let V=H!==void 0?C._$Co?.[H]:C._$Cl,e=Y1(L)?void 0:L._$litDirective$;return V?.constructor!==e&&(V?._$AO?.(!1),e===void 0?V=void 0:(V=new e(M),V._$AT(M,C,H)),H!==void 0?(C._$Co??=[])[H]=V:C._$Cl=V),V!==void 0&&(L=g1(M,V._$AS(M,L.values),V,H)),L}var x2=class{constructor(L,C){this._$AV=[],this._$AN=void 0,this._$AD=L,this._$AM=C}get parentNode(){return this._$AM.parentNode}get _$AU(){return this._$AM._$AU}u(L){let{el:{content:C},parts:H}=this._$AD,V=(L?.creationScope??h1).importNode(C,!0);S1.currentNode=V;let e=S1.nextNode(),r=0,o=0,A=H[0];for(;A!==void 0;){if(r===A.index){let l;A.type===2?l=new F1(e,e.nextSibling,this,L):A.type===1?l=new A.ctor(e,A.name,A.strings,this,L):A.type===6&&(l=new S2(e,this,L)),this._$AV.push(l),A=H[++o]}r!==A?.index&&(e=S1.nextNode(),r++)}return S1.currentNode=h1,V}p(L){let C=0;for(let H of this._$AV)H!==void 0&&(H.strings!==void 0?(H._$AI(L,H,C),C+=H.strings.length-2):H._$AI(L[C])),C++}},F1=class M{get _$AU(){return this._$AM?._$AU??this._$Cv}constructor(L,C,H,V){this.type=2,this._$AH=P,this._$AN=void 0,this._$AA=L,this._$AB=C,this._$AM=H,this.options=V,this._$Cv=V?.isConnected??!0}get parentNode(){let L=this._$AA.parentNode,C=this._$AM;return C!==void 0&&L?.nodeType===11&&(L=C.parentNode),L}get startNode(){return this._$AA}get endNode(){return this._$AB}_$AI(L,C=this){L=g1(this,L,C),Y1(L)?L===P||L==null||L===""?(this._$AH!==P&&this._$AR(),this._$AH=P):L!==this._$AH&&L!==A1&&this._(L):L._$litType$!==void 0?this.$(L):L.nodeType!==void 0?this.T(L):K5(L)?this.k(L):this._(L)}O(L){return this._$AA.parentNode.insertBefore(L,this._$AB)}T(L){this._$AH!==L&&(this._$AR(),this._$AH=this.O(L))}_(L){this._$AH!==P&&Y1(this._$AH)?this._$AA.nextSibling.data=L:this.T(h1.createTextNode(L)),this._$AH=L}$(L){let{values:C,_$litType$:H}=L,V=typeof H=="number"?this._$AC(L):(H.el===void 0&&(H.el=J1.createElement(j5(H.h,H.h[0]),this.options)),H);if(this._$AH?._$AD===V)this._$AH.p(C);else{let e=new x2(V,this),r=e.u(this.options);e.p(C),this.T(r),this._$AH=e}}_$AC(L){let C=Q5.get(L.strings);return C===void 0&&Q5.set(L.strings,C=new J1(L)),C}k(L){j2(this._$AH)||(this._$AH=[],this._$AR());let C=this._$AH,H,V=0;for(let e of L)V===C.length?C.push(H=new M(this.O(X1()),this.O(X1()),this,this.options)):H=C[V],H._$AI(e),V++;V<C.length&&(this._$AR(H&&H._$AB.nextSibling,V),C.length=V)}_$AR(L=this._$AA.nextSibling,C){for(this._$AP?.(!1,!0,C);L!==this._$AB;){let H=N5(L).nextSibling;N5(L).remove(),L=H}}setConnected(L){this._$AM===void 0&&(this._$Cv=L,this._$AP?.(L))}},f1=class{get tagName(){return this.element.tagName}get _$AU(){return this._$AM._$AU}constructor(L,C,H,V,e){this.type=1,this._$AH=P,this._$AN=void 0,this.element=L,this.name=C,this._$AM=V,this.options=e,H.length>2||H[0]!==""||H[1]!==""?(this._$AH=Array(H.length-1).fill(new String),this.strings=H):this._$AH=P}_$AI(L,C=this,H,V){let e=this.strings,r=!1;if(e===void 0)L=g1(this,L,C,0),r=!Y1(L)||L!==this._$AH&&L!==A1,r&&(this._$AH=L);else{let o=L,A,l;for(L=e[0],A=0;A<e.length-1;A++)l=g1(this,o[H+A],C,A),l===A1&&(l=this._$AH[A]),r||=!Y1(l)||l!==this._$AH[A],l===P?L=P:L!==P&&(L+=(l??"")+e[A+1]),this._$AH[A]=l}r&&!V&&this.j(L)}j(L){L===P?this.element.removeAttribute(this.name):this.element.setAttribute(this.name,L??"")}},c2=class extends f1{constructor(){super(...arguments),this.type=3}j(L){this.element[this.name]=L===P?void 0:L}},u2=class extends f1{constructor(){super(...arguments),this.type=4}j(L){this.element.toggleAttribute(this.name,!!L&&L!==P)}},Z2=class extends f1{constructor(L,C,H,V,e){super(L,C,H,V,e),this.type=5}_$AI(L,C=this){if((L=g1(this,L,C,0)??P)===A1)return;let H=this._$AH,V=L===P&&H!==P||L.capture!==H.capture||L.once!==H.once||L.passive!==H.passive,e=L!==P&&(H===P||V);V&&this.element.removeEventListener(this.name,this,H),e&&this.element.addEventListener(this.name,this,L),this._$AH=L}handleEvent(L){typeof this._$AH=="function"?this._$AH.call(this.options?.host??this.element,L):this._$AH.handleEvent(L)}},S2=class{constructor(L,C,H){this.element=L,this.type=6,this._$AN=void 0,this._$AM=C,this.options=H}get _$AU(){return this._$AM._$AU}_$AI(L){g1(this,L)}},Y5={M:K2,P:a1,A:q2,C:1,L:X5,R:x2,D:K5,V:g1,I:F1,H:f1,N:u2,U:Z2,B:c2,F:S2},V0=Q2.litHtmlPolyfillSupport;V0?.(J1,F1),(Q2.litHtmlVersions??=[]).push("3.3.3");var J5=(M,L,C)=>{let H=C?.renderBefore??L,V=H._$litPart$;if(V===void 0){let e=C?.renderBefore??null;H._$litPart$=V=new F1(L.insertBefore(X1(),e),e,void 0,C??{})}return V._$AI(M),V};var Y2=globalThis,G=class extends o1{constructor(){super(...arguments),this.renderOptions={host:this},this._$Do=void 0}createRenderRoot(){let L=super.createRenderRoot();return this.renderOptions.renderBefore??=L.firstChild,L}update(L){let C=this.render();this.hasUpdated||(this.renderOptions.isConnected=this.isConnected),super.update(L),this._$Do=J5(C,this.renderRoot,this.renderOptions)}connectedCallback(){super.connectedCallback(),this._$Do?.setConnected(!0)}disconnectedCallback(){super.disconnectedCallback(),this._$Do?.setConnected(!1)}render(){return A1}};G._$litElement$=!0,G.finalized=!0,Y2.litElementHydrateSupport?.({LitElement:G});var L0=Y2.litElementPolyfillSupport;L0?.({LitElement:G});(Y2.litElementVersions??=[]).push("4.2.2");var M0={attribute:!0,type:String,converter:q1,reflect:!1,hasChanged:s2},e0=(M=M0,L,C)=>{let{kind:H,metadata:V}=C,e=globalThis.litPropertyMetadata.get(V);if(e===void 0&&globalThis.litPropertyMetadata.set(V,e=new Map),H==="setter"&&((M=Object.create(M)).wrapped=!0),e.set(C.name,M),H==="accessor"){let{name:r}=C;return{set(o){let A=L.get.call(this);L.set.call(this,o),this.requestUpdate(r,A,M,!0,o)},init(o){return o!==void 0&&this.C(r,void 0,M,o),o}}}if(H==="setter"){let{name:r}=C;return function(o){let A=this[r];L.call(this,o),this.requestUpdate(r,A,M,!0,o)}}throw Error("Unsupported decorator location: "+H)};function p(M){return(L,C)=>typeof C=="object"?e0(M,L,C):((H,V,e)=>{let r=V.hasOwnProperty(e);return V.constructor.createProperty(e,H),r?Object.getOwnPropertyDescriptor(V,e):void 0})(M,L,C)}function a(M){return p({...M,state:!0,attribute:!1})}var O1=(M,L,C)=>(C.configurable=!0,C.enumerable=!0,Reflect.decorate&&typeof L!="object"&&Object.defineProperty(M,L,C),C);function N(M,L){return(C,H,V)=>{let e=r=>r.renderRoot?.querySelector(M)??null;if(L){let{get:r,set:o}=typeof H=="object"?C:V??(()=>{let A=Symbol();return{get(){return this[A]},set(l){this[A]=l}}})();return O1(C,H,{get(){let A=r.call(this);return A===void 0&&(A=e(this),(A!==null||this.hasUpdated)&&o.call(this,A)),A}})}return O1(C,H,{get(){return e(this)}})}}var v1=class extends Error{constructor(L,C){super(`${L||"message"}: not ${C}`),this.name="ShapeError"}},n=(M,L="")=>{if(typeof M!="string")throw new v1(L,"a text");return M},d=(M,L="")=>{if(typeof M!="number"||!Number.isFinite(M))throw new v1(L,"a number");return M},T=(M,L="")=>{if(typeof M!="boolean")throw new v1(L,"true or false");return M},C2=M=>M,S=M=>(L,C="")=>L==null?null:M(L,C),k=M=>(L,C="")=>{if(!Array.isArray(L))throw new v1(C,"a list");return L.map((H,V)=>M(H,`${C}[${V}]`))},h2=M=>(L,C="")=>Object.fromEntries(Object.entries(C3(L,C)).map(([H,V])=>[H,M(V,`${C}.${H}`)])),J2=(...M)=>(L,C="")=>{let H=n(L,C);if(!M.includes(H))throw new v1(C,M.join(", "));return H},v=M=>(L,C="")=>{let H=C3(L,C);return Object.fromEntries(Object.entries(M).map(([V,e])=>[V,e(H[V],`${C}.${V}`)]))};function C3(M,L){if(typeof M!="object"||M===null||Array.isArray(M))throw new v1(L,"an object");return M}var r0=v({clip_id:n,start:d,end:d}),t0=v({camera_id:n,name:n,place:n,entity_id:S(n),state:n,reason:n,detail:h2(n),last_clip:S(r0),armed:T,switch:S(n),private:T,view:n,privacy_switch:S(n),zones:d,mode:n,clips:d}),i0=v({fault:n,time_zone:n,retention_days:S(d),overdue:S(d),altered:S(d),verifying:S(d),verified:S(d),problems:S(d),wiping:S(d)}),o0=v({disclosure_id:n,size:d,sent:S(d),fetched:T,seconds_left:d}),H3=v({version:n,clips:d,running:T,role:J2("administrator","viewer","none"),cameras:k(t0),site:S(i0),downloads:k(o0)}),a0=v({kind:n,entity_id:S(n),reason:S(n)}),V3={clip_id:n,camera_id:n,start:d,end:d,size:d,trigger:a0,hold:S(v({until:d,reason:S(n)})),expires:S(d),recovered:T,has_audio:T,clock_error:d,thumbnail:n},A0=v(V3),C5=v({name:n,points:n}),L3=v({clips:k(A0),total:d}),M3=v({days:k(v({start:d,clips:d}))}),H5=v({clip:v({...V3,link:n,sha256:n,width:d,height:d,frames:d,camera_name:n,place:n,purpose:n,operator:n,zones:k(C5),frame_rate_lowered:T,adaptive:T,encoder:n,sound:n,end_reason:n,older:S(n),newer:S(n)})}),n0=v({clip_id:n,camera_id:n,start:d,end:d,held:T,expires:S(d)}),d0=v({camera_id:n,start:d,end:S(d),cause:n}),g2=v({clips:k(n0),gaps:k(d0),shown:d,total:d}),V5=v({name:n,zones:k(C5),revision:n,reference:S(k(d)),size:S(k(d)),max_points:d,max_zones:d}),e3=v({name:n,mode:n,enabled:T,triggers:T,sensitivity:d,least_height:d,leave_out:k(C5),max_points:d,max_zones:d}),r3=v({image:n,width:d,height:d,things:d,tallest:d}),t3=v({}),i3=v({image:n,width:d,height:d}),o3=v({image:n,width:d,height:d,covered:d}),a3=v({revision:n}),A3=v({sources:k(v({entity_id:n,name:n})),trigger_domains:k(n)}),n3=v({camera_id:n}),d3=v({parts:k(v({clip_id:n,camera_id:n,clip_start:d,clip_end:d,start:d,end:d,whole:T,size:d}))}),p3=v({disclosure_id:n,form:n,password:S(n),size:d,seconds_left:d,bundle:n,receipt:n}),l3=v({clips:d,size:d,held:d,oldest:S(d),newest:S(d)}),p0=v({seq:d,time:d,event:n,head:n,signed:T,body:S(h2(C2))}),f2=v({entries:k(p0),more:T,total:d,head:n}),m3=v({link:n}),s3=v({checklist:k(v({clause:n,state:J2("met","open","later"),facts:h2(C2)})),days:k(v({start:d,clips:d,size:d,held:d})),retention_days:d,storage:v({path:n,used:d,fault:n,min_free:d,free:S(d),total:S(d),per_day:S(d)}),keys:v({split:S(T),root_path:n,kit_missing:T,kits:d,held:d,holds_due:d}),exposure:k(v({camera_id:n,name:n,entity_id:n,people:k(n),dashboards:k(n),assistants:k(n),automations:k(n),integrations:k(n)}))}),v3=v({disclosure_id:n}),x3=v({certificate_id:n,certificate_link:n,wiped:d,skipped_held:d,failed:d}),c3=v({ok:T,entries:d,head:n,clips_checked:d,problems:k(v({problem:n,message:n,seq:d,clip_id:n,detail:n}))});var H2=class extends Error{constructor(C,H,V={}){super(H);this.key=C;this.placeholders=V;this.name="Refused"}},O2=class{constructor(L){this.transport=L}async call(L,C,H){return H(await this.send({type:`camguard/${L}`,...C}))}async act(L,C,H){let V=await this.send({type:"call_service",domain:"camguard",service:L,service_data:C,return_response:!0});return H(V.response)}async send(L){try{return await this.transport().callWS(L)}catch(C){throw z(C)}}async follow(L,C){let H=V=>{let e;try{e=H3(V)}catch{C();return}L(e)};return this.transport().connection.subscribeMessage(H,{type:"camguard/subscribe"})}};function z(M){if(M instanceof H2)return M;if(typeof M=="object"&&M!==null){let{code:L,message:C,translation_key:H,translation_domain:V,translation_placeholders:e}=M,o=V==="camguard"&&typeof H=="string"?H:typeof L=="string"?L:"",A=Object.fromEntries(Object.entries(e??{}).map(([l,f])=>[l,String(f)]));return new H2(o,typeof C=="string"?C:"",A)}return new H2(M===3?"connection_lost":"","")}function c(M,L){customElements.get(M)||customElements.define(M,L)}var F="M11,15H13V17H11V15M11,7H13V13H11V7M12,2C6.47,2 2,6.5 2,12A10,10 0 0,0 12,22A10,10 0 0,0 22,12A10,10 0 0,0 12,2M12,20A8,8 0 0,1 4,12A8,8 0 0,1 12,4A8,8 0 0,1 20,12A8,8 0 0,1 12,20Z";var L5="M10,21V19H6.41L10.91,14.5L9.5,13.09L5,17.59V14H3V21H10M14.5,10.91L19,6.41V10H21V3H14V5H17.59L13.09,9.5L14.5,10.91Z";var n1="M20,11V13H8L13.5,18.5L12.08,19.92L4.16,12L12.08,4.08L13.5,5.5L8,11H20Z";var y1="M6.03 12.03L8.03 15.5L5.5 18.68L2 12.62L6.03 12.03M17 18V15.29C17.88 14.9 18.5 14.03 18.5 13C18.5 12.43 18.3 11.9 17.97 11.5L19.94 10.35C20.95 9.76 21.3 8.47 20.71 7.46L19.33 5.06C18.74 4.05 17.45 3.7 16.44 4.28L8.31 9C7.36 9.53 7.03 10.75 7.58 11.71L9.08 14.31C9.63 15.26 10.86 15.59 11.81 15.04L13.69 13.96C13.94 14.55 14.41 15.03 15 15.29V18C15 19.1 15.9 20 17 20H22V18H17Z",b1="M20.84 22.73L18.11 20H17C15.9 20 15 19.1 15 18V16.89L12.66 14.55L11.81 15.04C10.86 15.59 9.63 15.26 9.08 14.31L7.58 11.71C7.18 11 7.25 10.18 7.68 9.57L1.11 3L2.39 1.73L22.11 21.46L20.84 22.73M18.5 13C18.5 12.43 18.3 11.9 17.97 11.5L19.94 10.35C20.95 9.76 21.3 8.47 20.71 7.46L19.33 5.06C18.74 4.05 17.45 3.7 16.44 4.28L10.77 7.57L17.86 14.66C18.26 14.22 18.5 13.64 18.5 13M2 12.62L5.5 18.68L8.03 15.5L6.03 12.03L2 12.62Z";var M1="M12 2C6.5 2 2 6.5 2 12S6.5 22 12 22 22 17.5 22 12 17.5 2 12 2M12 20C7.59 20 4 16.41 4 12S7.59 4 12 4 20 7.59 20 12 16.41 20 12 20M16.59 7.58L10 14.17L7.41 11.59L6 13L10 17L18 9L16.59 7.58Z";var M5="M15.41,16.58L10.83,12L15.41,7.41L14,6L8,12L14,18L15.41,16.58Z";var V2="M8.59,16.58L13.17,12L8.59,7.41L10,6L16,12L10,18L8.59,16.58Z";var e5="M12,2A10,10 0 0,0 2,12A10,10 0 0,0 12,22A10,10 0 0,0 22,12A10,10 0 0,0 12,2Z";var r5="M19,3H14.82C14.4,1.84 13.3,1 12,1C10.7,1 9.6,1.84 9.18,3H5A2,2 0 0,0 3,5V19A2,2 0 0,0 5,21H19A2,2 0 0,0 21,19V5A2,2 0 0,0 19,3M12,3A1,1 0 0,1 13,4A1,1 0 0,1 12,5A1,1 0 0,1 11,4A1,1 0 0,1 12,3M7,7H17V5H19V19H5V5H7V7M7.5,13.5L9,12L11,14L15.5,9.5L17,11L11,17L7.5,13.5Z";var L2="M12,20A8,8 0 0,0 20,12A8,8 0 0,0 12,4A8,8 0 0,0 4,12A8,8 0 0,0 12,20M12,2A10,10 0 0,1 22,12A10,10 0 0,1 12,22C6.47,22 2,17.5 2,12A10,10 0 0,1 12,2M12.5,7V12.25L17,14.92L16.25,16.15L11,13V7H12.5Z";var t5="M19,6.41L17.59,5L12,10.59L6.41,5L5,6.41L10.59,12L5,17.59L6.41,19L12,13.41L17.59,19L19,17.59L13.41,12L19,6.41Z";var M2="M3.05,13H1V11H3.05C3.5,6.83 6.83,3.5 11,3.05V1H13V3.05C17.17,3.5 20.5,6.83 20.95,11H23V13H20.95C20.5,17.17 17.17,20.5 13,20.95V23H11V20.95C6.83,20.5 3.5,17.17 3.05,13M12,5A7,7 0 0,0 5,12A7,7 0 0,0 12,19A7,7 0 0,0 19,12A7,7 0 0,0 12,5Z";var C1="M6,19A2,2 0 0,0 8,21H16A2,2 0 0,0 18,19V7H6V19M8,9H16V19H8V9M15.5,4L14.5,3H9.5L8.5,4H5V6H19V4H15.5Z";var e2="M5,20H19V18H5M19,9H15V3H9V9H5L12,16L19,9Z";var E1="M2,5.27L3.28,4L20,20.72L18.73,22L15.65,18.92C14.5,19.3 13.28,19.5 12,19.5C7,19.5 2.73,16.39 1,12C1.69,10.24 2.79,8.69 4.19,7.46L2,5.27M12,9A3,3 0 0,1 15,12C15,12.35 14.94,12.69 14.83,13L11,9.17C11.31,9.06 11.65,9 12,9M12,4.5C17,4.5 21.27,7.61 23,12C22.18,14.08 20.79,15.88 19,17.19L17.58,15.76C18.94,14.82 20.06,13.54 20.82,12C19.17,8.64 15.76,6.5 12,6.5C10.91,6.5 9.84,6.68 8.84,7L7.3,5.47C8.74,4.85 10.33,4.5 12,4.5M3.18,12C4.83,15.36 8.24,17.5 12,17.5C12.69,17.5 13.37,17.43 14,17.29L11.72,15C10.29,14.85 9.15,13.71 9,12.28L5.6,8.87C4.61,9.72 3.78,10.78 3.18,12Z",y2="M12,9A3,3 0 0,1 15,12A3,3 0 0,1 12,15A3,3 0 0,1 9,12A3,3 0 0,1 12,9M12,4.5C17,4.5 21.27,7.61 23,12C21.27,16.39 17,19.5 12,19.5C7,19.5 2.73,16.39 1,12C2.73,7.61 7,4.5 12,4.5M3.18,12C4.83,15.36 8.24,17.5 12,17.5C15.76,17.5 19.17,15.36 20.82,12C19.17,8.64 15.76,6.5 12,6.5C8.24,6.5 4.83,8.64 3.18,12Z";var x1="M18,9H16V7H18M18,13H16V11H18M18,17H16V15H18M8,9H6V7H8M8,13H6V11H8M8,17H6V15H8M18,3V5H16V3H8V5H6V3H4V21H6V19H8V21H16V19H18V21H20V3H18Z";var r2="M22 15V16L14 18.5L7 16.6V18H1V7H9L15.2 9.3C16.2 9.7 17 10.8 17 12H19C20.7 12 22 13.3 22 15M5 16V9H3V16H5M19.9 14.6C19.7 14.2 19.4 14 19 14H13.6C13.1 14 12.5 13.9 12 13.8L9.7 13L10.3 11.1L12.7 11.9C13 11.9 15 12 15 12C15 11.6 14.8 11.3 14.4 11.2L8.6 9H7V14.5L14 16.4L19.9 14.6Z";var w1="M11,9H13V7H11M12,20C7.59,20 4,16.41 4,12C4,7.59 7.59,4 12,4C16.41,4 20,7.59 20,12C20,16.41 16.41,20 12,20M12,2A10,10 0 0,0 2,12A10,10 0 0,0 12,22A10,10 0 0,0 22,12A10,10 0 0,0 12,2M11,17H13V11H11V17Z";var i5="M22,18V22H18V19H15V16H12L9.74,13.74C9.19,13.91 8.61,14 8,14A6,6 0 0,1 2,8A6,6 0 0,1 8,2A6,6 0 0,1 14,8C14,8.61 13.91,9.19 13.74,9.74L22,18M7,5A2,2 0 0,0 5,7A2,2 0 0,0 7,9A2,2 0 0,0 9,7A2,2 0 0,0 7,5Z";var o5="M10 13C11.1 13 12 13.89 12 15C12 16.11 11.11 17 10 17S8 16.11 8 15 8.9 13 10 13M18 1C15.24 1 13 3.24 13 6V8H4C2.9 8 2 8.9 2 10V20C2 21.1 2.9 22 4 22H16C17.1 22 18 21.1 18 20V10C18 8.9 17.1 8 16 8H15V6C15 4.34 16.34 3 18 3S21 4.34 21 6V8H23V6C23 3.24 20.76 1 18 1M16 10V20H4V10H16Z",H1="M12,17C10.89,17 10,16.1 10,15C10,13.89 10.89,13 12,13A2,2 0 0,1 14,15A2,2 0 0,1 12,17M18,20V10H6V20H18M18,8A2,2 0 0,1 20,10V20A2,2 0 0,1 18,22H6C4.89,22 4,21.1 4,20V10C4,8.89 4.89,8 6,8H7V6A5,5 0 0,1 12,1A5,5 0 0,1 17,6V8H18M12,3A3,3 0 0,0 9,6V8H15V6A3,3 0 0,0 12,3Z";var a5="M15.5,14H14.71L14.43,13.73C15.41,12.59 16,11.11 16,9.5A6.5,6.5 0 0,0 9.5,3A6.5,6.5 0 0,0 3,9.5A6.5,6.5 0 0,0 9.5,16C11.11,16 12.59,15.41 13.73,14.43L14,14.71V15.5L19,20.5L20.5,19L15.5,14M9.5,14C7,14 5,12 5,9.5C5,7 7,5 9.5,5C12,5 14,7 14,9.5C14,12 12,14 9.5,14M7,9H12V10H7V9Z";var A5="M15.5,14L20.5,19L19,20.5L14,15.5V14.71L13.73,14.43C12.59,15.41 11.11,16 9.5,16A6.5,6.5 0 0,1 3,9.5A6.5,6.5 0 0,1 9.5,3A6.5,6.5 0 0,1 16,9.5C16,11.11 15.41,12.59 14.43,13.73L14.71,14H15.5M9.5,14C12,14 14,12 14,9.5C14,7 12,5 9.5,5C7,5 5,7 5,9.5C5,12 7,14 9.5,14M12,10H10V12H9V10H7V9H9V7H10V9H12V10Z";var n5="M3,6H21V8H3V6M3,11H21V13H3V11M3,16H21V18H3V16Z";var d5="M10,0.2C9,0.2 8.2,1 8.2,2C8.2,3 9,3.8 10,3.8C11,3.8 11.8,3 11.8,2C11.8,1 11,0.2 10,0.2M15.67,1A7.33,7.33 0 0,0 23,8.33V7A6,6 0 0,1 17,1H15.67M18.33,1C18.33,3.58 20.42,5.67 23,5.67V4.33C21.16,4.33 19.67,2.84 19.67,1H18.33M21,1A2,2 0 0,0 23,3V1H21M7.92,4.03C7.75,4.03 7.58,4.06 7.42,4.11L2,5.8V11H3.8V7.33L5.91,6.67L2,22H3.8L6.67,13.89L9,17V22H10.8V15.59L8.31,11.05L9.04,8.18L10.12,10H15V8.2H11.38L9.38,4.87C9.08,4.37 8.54,4.03 7.92,4.03Z";var k1="M17,4V10L15,8L13,10V4H9V20H19V4H17M3,7V5H5V4C5,2.89 5.9,2 7,2H19C20.05,2 21,2.95 21,4V20C21,21.05 20.05,22 19,22H7C5.95,22 5,21.05 5,20V19H3V17H5V13H3V11H5V7H3M5,5V7H7V5H5M5,19H7V17H5V19M5,13H7V11H5V13Z";var p5="M8,5.14V19.14L19,12.14L8,5.14Z";var t2="M19,13H13V19H11V13H5V11H11V5H13V11H19V13Z";var i2="M19 8C20.66 8 22 9.34 22 11V17H18V21H6V17H2V11C2 9.34 3.34 8 5 8H6V3H18V8H19M8 5V8H16V5H8M16 19V15H8V19H16M18 15H20V11C20 10.45 19.55 10 19 10H5C4.45 10 4 10.45 4 11V15H6V13H18V15M19 11.5C19 12.05 18.55 12.5 18 12.5C17.45 12.5 17 12.05 17 11.5C17 10.95 17.45 10.5 18 10.5C18.55 10.5 19 10.95 19 11.5Z";var l5="M12.5,5A7.5,7.5 0 0,0 5,12.5A7.5,7.5 0 0,0 12.5,20A7.5,7.5 0 0,0 20,12.5A7.5,7.5 0 0,0 12.5,5M7,10H9A1,1 0 0,1 10,11V12C10,12.5 9.62,12.9 9.14,12.97L10.31,15H9.15L8,13V15H7M12,10H14V11H12V12H14V13H12V14H14V15H12A1,1 0 0,1 11,14V11A1,1 0 0,1 12,10M16,10H18V11H16V14H18V15H16A1,1 0 0,1 15,14V11A1,1 0 0,1 16,10M8,11V12H9V11";var o2="M4,6V19H20V6H4M18,17H6V8H18V17Z";var a2="M18.4,10.6C16.55,9 14.15,8 11.5,8C6.85,8 2.92,11.03 1.54,15.22L3.9,16C4.95,12.81 7.95,10.5 11.5,10.5C13.45,10.5 15.23,11.22 16.62,12.38L13,16H22V7L18.4,10.6Z";var m5="M21,11C21,16.55 17.16,21.74 12,23C6.84,21.74 3,16.55 3,11V5L12,1L21,5V11M12,21C15.75,20 19,15.54 19,11.22V6.3L12,3.18L5,6.3V11.22C5,15.54 8.25,20 12,21M10,17L6,13L7.41,11.59L10,14.17L16.59,7.58L18,9";var s5="M16,18H18V6H16M6,18L14.5,12L6,6V18Z";var v5="M6,18V6H8V18H6M9.5,12L18,6V18L9.5,12Z";var x5="M19,5V19H16V5M14,5V19L3,12";var c5="M5,5V19H8V5M10,5V19L21,12";var A2="M12.5,8C9.85,8 7.45,9 5.6,10.6L2,7V16H11L7.38,12.38C8.77,11.22 10.54,10.5 12.5,10.5C16.04,10.5 19.05,12.81 20.1,16L22.47,15.22C21.08,11.03 17.15,8 12.5,8Z";var P1="M2,2V8H4.28L5.57,16H4V22H10V20.06L15,20.05V22H21V16H19.17L20,9H22V3H16V6.53L14.8,8H9.59L8,5.82V2M4,4H6V6H4M18,5H20V7H18M6.31,8H7.11L9,10.59V14H15V10.91L16.57,9H18L17.16,16H15V18.06H10V16H7.6M11,10H13V12H11M6,18H8V20H6M17,18H19V20H17";var b2=class extends G{constructor(){super(...arguments);this.path=""}static{this.styles=x`
    :host {
      display: inline-flex;
      width: var(--cg-icon-size, 24px);
      height: var(--cg-icon-size, 24px);
      flex: none;
    }
    svg {
      width: 100%;
      height: 100%;
      fill: currentcolor;
    }
  `}render(){return U`<svg viewBox="0 0 24 24" aria-hidden="true" focusable="false"><path d=${this.path}></path></svg>`}};i([p()],b2.prototype,"path",2);c("cg-icon",b2);function E(M){return t`<div class="empty" role="status">
    <progress aria-label=${M.texts.t("common.loading")}></progress>
    <p>${M.texts.t("common.loading")}</p>
  </div>`}function Q(M,L,C=""){return t`<div class="empty">
    <cg-icon .path=${M}></cg-icon>
    <h3>${L}</h3>
    <p>${C}</p>
  </div>`}function w(M,L,C){return t`<div class="notice error" role="alert">
    <cg-icon .path=${F}></cg-icon>
    <div class="grow">
      <p>${M.texts.refusal(z(L))}</p>
      ${C?t`<button class="tonal" @click=${C}>${M.texts.t("common.again")}</button>`:""}
    </div>
  </div>`}function b(M,L,C=""){return t`<div class="notice ${C}">
    <cg-icon .path=${M}></cg-icon>
    <div class="grow">${L}</div>
  </div>`}var u=x`
  :host {
    color: var(--primary-text-color);
    font-family: var(--ha-font-family-body, Roboto, Noto, sans-serif);
    font-size: 14px;
    line-height: 1.45;
  }
  * {
    box-sizing: border-box;
  }
  [hidden] {
    display: none !important;
  }
  h1,
  h2,
  h3 {
    font-weight: 400;
    margin: 0;
    line-height: 1.25;
    word-break: auto-phrase;
  }
  h2 {
    font-size: 24px;
  }
  h3 {
    font-size: 16px;
    font-weight: 500;
  }
  p {
    margin: 0 0 8px;
  }
  .page {
    max-width: 1200px;
    margin: 0 auto;
    padding: 16px;
  }
  .narrow-page {
    max-width: 720px;
  }
  .card {
    background: var(--ha-card-background, var(--card-background-color, #fff));
    border: var(--ha-card-border-width, 1px) solid var(--ha-card-border-color, var(--divider-color, #e0e0e0));
    border-radius: var(--ha-card-border-radius, 12px);
    box-shadow: var(--ha-card-box-shadow, none);
    overflow: hidden;
  }
  .card-content {
    padding: 16px;
  }
  .card-header {
    padding: 16px 16px 0;
    font-size: 20px;
  }
  .card-actions {
    padding: 8px;
    border-top: 1px solid var(--divider-color, #e0e0e0);
    display: flex;
    flex-wrap: wrap;
    gap: 8px;
    align-items: center;
  }
  .secondary {
    color: var(--secondary-text-color);
  }
  .row {
    display: flex;
    gap: 8px;
    align-items: center;
    flex-wrap: wrap;
  }
  .grow {
    flex: 1;
    min-width: 0;
  }
  .stack > * + * {
    margin-top: 16px;
  }
  button,
  .button {
    font: inherit;
    font-weight: 500;
    min-height: 40px;
    padding: 0 16px;
    border: 0;
    border-radius: var(--ha-button-border-radius, 20px);
    background: transparent;
    color: var(--primary-text-color);
    cursor: pointer;
    display: inline-flex;
    align-items: center;
    justify-content: center;
    gap: 8px;
    text-decoration: none;
    -webkit-tap-highlight-color: transparent;
    touch-action: manipulation;
  }
  @media (pointer: coarse) {
    button,
    .button {
      min-height: 44px;
    }
  }
  button:hover,
  .button:hover {
    background: color-mix(in srgb, var(--primary-text-color) 8%, transparent);
  }
  button:focus-visible,
  .button:focus-visible,
  a:focus-visible,
  input:focus-visible,
  select:focus-visible,
  textarea:focus-visible,
  [tabindex]:focus-visible {
    outline: 2px solid var(--primary-color);
    outline-offset: 2px;
  }
  button.filled,
  .button.filled {
    background: var(--primary-color);
    color: var(--text-primary-color, #fff);
  }
  :host([data-light]) button.filled,
  button.filled {
    background: color-mix(in srgb, var(--primary-color) 80%, #000);
    color: #fff;
  }
  button.tonal,
  .button.tonal {
    background: color-mix(in srgb, var(--primary-color) 16%, transparent);
  }
  button.danger {
    background: color-mix(in srgb, var(--error-color, #db4437) 82%, #000);
    color: #fff;
  }
  button[disabled] {
    opacity: 0.45;
    cursor: default;
    pointer-events: none;
  }
  button.icon {
    min-width: 40px;
    padding: 0;
    width: 40px;
    border-radius: 50%;
    flex: none;
  }
  @media (pointer: coarse) {
    button.icon {
      width: 44px;
      height: 44px;
    }
  }
  button[aria-pressed="true"],
  button[aria-selected="true"] {
    background: color-mix(in srgb, var(--primary-color) 22%, transparent);
  }
  label.field {
    display: block;
    font-size: 12px;
    color: var(--secondary-text-color);
  }
  input,
  select,
  textarea {
    font: inherit;
    font-size: 16px;
    color: var(--primary-text-color);
    background: var(--secondary-background-color, #f5f5f5);
    border: 0;
    border-bottom: 1px solid var(--secondary-text-color);
    border-radius: 4px 4px 0 0;
    padding: 10px 12px;
    min-height: 44px;
    width: 100%;
    color-scheme: light dark;
  }
  label.field > :is(input, select, textarea) {
    margin-top: 4px;
  }
  input[type="checkbox"],
  input[type="radio"] {
    width: 20px;
    height: 20px;
    min-height: 0;
    accent-color: var(--primary-color);
    flex: none;
    margin: 0;
  }
  label.check {
    display: flex;
    gap: 12px;
    align-items: flex-start;
    padding: 10px 0;
    cursor: pointer;
  }
  label.option {
    border: 1px solid var(--divider-color, #e0e0e0);
    border-radius: 12px;
    padding: 12px 16px;
    margin-top: 8px;
    align-items: center;
  }
  .option:has(input:checked) {
    border-color: var(--primary-color);
    background: color-mix(in srgb, var(--primary-color) 8%, transparent);
  }
  a {
    color: var(--primary-text-color);
  }
  .notice {
    border-radius: 8px;
    padding: 12px 16px;
    background: color-mix(in srgb, var(--info-color, #039be5) 12%, transparent);
    display: flex;
    gap: 12px;
    align-items: flex-start;
    overflow-wrap: anywhere;
  }
  .notice.warning {
    background: color-mix(in srgb, var(--warning-color, #ffa600) 16%, transparent);
  }
  .notice.error {
    background: color-mix(in srgb, var(--error-color, #db4437) 14%, transparent);
  }
  .chip {
    min-height: 32px;
    padding: 0 12px;
    border: 1px solid var(--divider-color, #e0e0e0);
    border-radius: 8px;
    font-weight: 400;
  }
  @media (pointer: coarse) {
    .chip {
      min-height: 44px;
    }
  }
  .empty {
    text-align: center;
    padding: 48px 16px;
    color: var(--secondary-text-color);
  }
  .empty > * {
    margin-bottom: 12px;
  }
  .empty > cg-icon {
    --cg-icon-size: 48px;
  }
  dl {
    display: grid;
    grid-template-columns: auto 1fr;
    gap: 4px 16px;
    margin: 0;
  }
  dt {
    color: var(--secondary-text-color);
  }
  dd {
    margin: 0;
    overflow-wrap: anywhere;
  }
  code,
  .mono {
    font-family: var(--ha-font-family-code, monospace);
    font-size: 12px;
    overflow-wrap: anywhere;
  }
  .visually-hidden {
    position: absolute;
    width: 1px;
    height: 1px;
    overflow: hidden;
    clip-path: inset(50%);
    white-space: nowrap;
  }
  progress {
    width: 100%;
    height: 4px;
    accent-color: var(--primary-color);
  }
  @media (prefers-reduced-motion: reduce) {
    * {
      animation: none !important;
      transition: none !important;
    }
  }
`;function O(M,L=!1){L?history.replaceState(null,"",M):history.pushState(null,"",M),window.dispatchEvent(new CustomEvent("location-changed",{detail:{replace:L}}))}var w2=class{constructor(L,C){this.language=L;this.zone=C;this.cache=new Map}time(L,C=!1){return this.date(L,{hour:"2-digit",minute:"2-digit",...C?{second:"2-digit"}:{},hourCycle:"h23"})}day(L){return this.date(L,{weekday:"long",year:"numeric",month:"long",day:"numeric"})}shortDay(L){return this.date(L,{year:"numeric",month:"short",day:"numeric"})}dayOfMonth(L){return this.date(L,{month:"numeric",day:"numeric"})}moment(L){return`${this.shortDay(L)} ${this.time(L,!0)}`}length(L){let C=Math.max(Math.round(L),0),[H,V]=[Math.floor(C/3600),Math.floor(C/60)%60],e=r=>String(r).padStart(2,"0");return H?`${H}:${e(V)}:${e(C%60)}`:`${V}:${e(C%60)}`}size(L){let C=["byte","kilobyte","megabyte","gigabyte","terabyte"],H=L<1e3?0:Math.min(Math.floor(Math.log10(L)/3),C.length-1),V=L/1e3**H;return new Intl.NumberFormat(this.language,{style:"unit",unit:C[H],maximumFractionDigits:V<10&&H?1:0}).format(V)}number(L){return new Intl.NumberFormat(this.language).format(L)}percent(L,C=0){return new Intl.NumberFormat(this.language,{style:"percent",maximumFractionDigits:C}).format(L)}relative(L,C){let H=L-C,V=[["day",86400],["hour",3600],["minute",60],["second",1]],[e,r]=V.find(([,o])=>Math.abs(H)>=o)??["second",1];return new Intl.RelativeTimeFormat(this.language,{numeric:"auto"}).format(Math.trunc(H/r),e)}date(L,C){let H=JSON.stringify(C),V=this.cache.get(H);return V||(V=new Intl.DateTimeFormat(this.language,{...C,timeZone:this.zone}),this.cache.set(H,V)),V.format(new Date(L*1e3))}};var u5=["cameras","clips","disclose","wipe","ledger","overview"],u3=["cameras","clips"];function Z3(M,L){let[C="",H="",V=""]=M.split("/").filter(Boolean).map(decodeURIComponent);return{page:u5.includes(C)?C:"cameras",id:H,part:V,query:new URLSearchParams(L)}}function h(M,L="",C="",H={}){let V=[M,L,C].filter(Boolean).map(encodeURIComponent).join("/"),e=new URLSearchParams(H).toString();return`/camguard/${V}${e?`?${e}`:""}`}function S3(M){let L=(M.get("t")??"").split(":").reduce((C,H)=>C*60+Number(H||NaN),0);return Number.isFinite(L)&&L>0?L:0}function l0(M,L){let[C="",H]=M.split("|");return(H===void 0||Number(L.count)===1?C:H).replace(/\{(\w+)\}/g,(e,r)=>String(L[r]??""))}var k2=class{constructor(L,C){this.language=L;this.resources=C;this.t=(L,C={})=>this.raw(`config_panel.${L}`,C)??L.replace(/^.*\./,"").replaceAll("_"," ")}has(L){return`component.camguard.config_panel.${L}`in this.resources}fault(L,C={}){return L?this.raw(`exceptions.${L}.message`,C):null}refusal(L){return L.key==="connection_lost"?this.t("common.offline"):this.fault(L.key,L.placeholders)??(L.message||this.t("common.failed"))}raw(L,C){let H=this.resources[`component.camguard.${L}`];return H===void 0?null:l0(H,C)}};var d1=M=>M.news.role==="administrator";var Z=class extends G{static{this.styles=u}t(L,C={}){return this.app.texts.t(L,C)}emit(L,C){this.dispatchEvent(new CustomEvent(L,{detail:C,bubbles:!0,composed:!0}))}};i([p({attribute:!1})],Z.prototype,"app",2);var m0="ha-camera-stream",V1=class extends Z{constructor(){super(...arguments);this.well=!1;this.private=!1;this.beat=0;this.name="";this.shown="";this.failed=!1;this.playing=!1;this.pause=()=>this.requestUpdate()}static{this.styles=[u,x`
      .frame {
        position: relative;
        aspect-ratio: 16 / 9;
        background: #111;
        color: #ddd;
        display: flex;
        align-items: center;
        justify-content: center;
        overflow: hidden;
      }
      img,
      ha-camera-stream {
        width: 100%;
        height: 100%;
        object-fit: contain;
        display: block;
      }
      .away {
        display: flex;
        flex-direction: column;
        align-items: center;
        gap: 8px;
      }
      .frame > button {
        position: absolute;
        background: rgba(0, 0, 0, 0.55);
        color: #fff;
        border-radius: 50%;
        width: 56px;
        height: 56px;
        min-width: 0;
        padding: 0;
        --cg-icon-size: 32px;
      }
      .frame > button.end {
        top: 8px;
        right: 8px;
        width: 44px;
        height: 44px;
        --cg-icon-size: 24px;
      }
    `]}connectedCallback(){super.connectedCallback(),document.addEventListener("visibilitychange",this.pause)}disconnectedCallback(){super.disconnectedCallback(),document.removeEventListener("visibilitychange",this.pause),this.playing=!1}willUpdate(C){C.has("well")&&!this.well&&(this.playing=!1)}updated(C){let H=this.picture;H||(this.shown="");let V=C.has("entity")||C.has("beat")||C.has("well")||C.has("private");if(!H||this.playing||!V)return;let e=new Image;e.onload=()=>{this.shown=e.src,this.failed=!1},e.onerror=()=>this.failed=!0,e.src=`${H}&width=720&t=${Date.now()}`}get picture(){let C=this.entity?.attributes.entity_picture;return(this.well||this.private)&&typeof C=="string"?C:""}render(){return t`<div class="frame">${this.playing&&!document.hidden?this.live():this.still()}</div>`}live(){let C=this.t("cameras.live_of",{camera:this.name}),H=customElements.get(m0)?t`<ha-camera-stream
          aria-label=${C}
          .hass=${this.hass}
          .stateObj=${this.entity}
          .muted=${!0}
          .controls=${!0}
          .fitMode=${"contain"}
        ></ha-camera-stream>`:t`<img src=${this.picture.replace("/camera_proxy/","/camera_proxy_stream/")} alt=${C} />`;return t`${H}<button
        class="end"
        @click=${()=>this.playing=!1}
        aria-label=${`${this.t("cameras.live_end")}: ${this.name}`}
      >
        <cg-icon .path=${t5}></cg-icon>
      </button>`}still(){let C=this.picture;if(!this.shown||!C){let H=C&&!this.failed?"common.loading":"cameras.no_picture";return t`<span class="away"
        ><cg-icon .path=${C?y1:b1}></cg-icon>${this.t(H)}</span
      >`}return t`<img src=${this.shown} alt=${this.t("cameras.picture_of",{camera:this.name})} />${this.well?t`<button
            @click=${()=>this.playing=!0}
            aria-label=${`${this.t("cameras.live")}: ${this.name}`}
            title=${this.t("cameras.live")}
          >
            <cg-icon .path=${p5}></cg-icon>
          </button>`:P}`}};i([p({attribute:!1})],V1.prototype,"hass",2),i([p({attribute:!1})],V1.prototype,"entity",2),i([p({type:Boolean})],V1.prototype,"well",2),i([p({type:Boolean})],V1.prototype,"private",2),i([p({type:Number})],V1.prototype,"beat",2),i([p()],V1.prototype,"name",2),i([a()],V1.prototype,"shown",2),i([a()],V1.prototype,"failed",2),i([a()],V1.prototype,"playing",2);c("cg-live",V1);var s0=1e4,D1=class extends Z{constructor(){super(...arguments);this.beat=0;this.busy=new Set;this.timer=0}static{this.styles=[u,x`
      .grid {
        display: grid;
        grid-template-columns: repeat(auto-fill, minmax(min(100%, 360px), 1fr));
        gap: 16px;
        align-items: start;
      }
      .dot {
        --cg-icon-size: 12px;
      }
      .good {
        color: var(--success-color, #43a047);
      }
      .bad {
        color: var(--error-color, #db4437);
      }
      .live {
        color: var(--error-color, #db4437);
      }
      .head {
        display: flex;
        gap: 8px;
        align-items: baseline;
        justify-content: space-between;
      }
      .switch {
        display: inline-flex;
        align-items: center;
        gap: 8px;
        min-height: 44px;
        cursor: pointer;
      }
      .switch input {
        appearance: none;
        width: 44px;
        height: 24px;
        border-radius: 12px;
        border: 0;
        padding: 0;
        background: var(--secondary-text-color);
        position: relative;
        transition: background 0.15s;
      }
      .switch input:checked {
        background: color-mix(in srgb, var(--primary-color) 80%, #000);
      }
      .switch input::after {
        content: "";
        position: absolute;
        top: 3px;
        left: 3px;
        width: 18px;
        height: 18px;
        border-radius: 50%;
        background: #fff;
        transition: left 0.15s;
      }
      .switch input:checked::after {
        left: 23px;
      }
      .break {
        flex-basis: 100%;
      }
      .top {
        display: flex;
        justify-content: flex-end;
        margin-bottom: 16px;
      }
    `]}connectedCallback(){super.connectedCallback(),this.timer=window.setInterval(()=>{document.hidden||this.beat++},s0)}disconnectedCallback(){super.disconnectedCallback(),window.clearInterval(this.timer)}shouldUpdate(C){if(C.size>1||!C.has("hass"))return!0;let H=C.get("hass");return this.app.news.cameras.some(({entity_id:V})=>V!==null&&H?.states[V]!==this.hass.states[V])}render(){let C=this.app.news.cameras,H=d1(this.app),V=t`<button class="filled" @click=${()=>O(h("cameras","add"))}>
      <cg-icon .path=${t2}></cg-icon>${this.t("cameras.add")}
    </button>`;return C.length===0?t`<div class="page">
        ${Q(y1,this.t("cameras.none"),H?t`${this.t("cameras.none_hint")}<br /><br />${V}`:"")}
      </div>`:t`<div class="page">
      ${H?t`<div class="top">${V}</div>`:""}
      <div class="grid">${C.map(e=>this.card(e,H))}</div>
    </div>`}card(C,H){let V=C.entity_id?this.hass.states[C.entity_id]:void 0,e=["streaming","recording","finishing"].includes(C.state)&&!C.reason,r=C.view?"bad":e?"good":"bad",o=this.app.texts.fault(C.reason,C.detail);return t`<section class="card" aria-label=${C.name} data-camera=${C.camera_id}>
      <cg-live
        .app=${this.app}
        .hass=${this.hass}
        .entity=${V}
        .well=${e}
        .private=${C.private}
        .beat=${this.beat}
        .name=${C.name}
      ></cg-live>
      <div class="card-content">
        <div class="head"><h3>${C.name}</h3><span class="secondary">${C.place}</span></div>
        <p class="row" role="status">
          <cg-icon
            class="dot ${C.state==="recording"?"live":C.private?"":r}"
            .path=${C.private?E1:e5}
          ></cg-icon>
          ${C.private?this.t("cameras.privacy"):this.t(`cameras.state_${C.state}`)}${C.armed||C.private?"":` · ${this.t("cameras.disarmed")}`}
        </p>
        ${C.private?t`<p class="secondary">${this.t("cameras.privacy_hint")}</p>`:o&&!e?t`<p class="secondary">${o}</p>`:C.view?t`<p class="secondary">${this.t(`cameras.view_${C.view}`)}</p>`:""}
        <p class="secondary">
          ${C.last_clip?t`<a
                  href=${h("clips",C.last_clip.clip_id)}
                  @click=${A=>{A.preventDefault(),O(h("clips",C.last_clip?.clip_id))}}
                  >${this.t("cameras.last_clip",{when:this.app.format.moment(C.last_clip.start)})}</a
                >`:this.t("cameras.no_clip")}
        </p>
      </div>
      ${H?this.actions(C):""}
    </section>`}actions(C){let H=this.busy.has(C.camera_id);return t`<div class="card-actions">
      <label class="switch">
        <input
          type="checkbox"
          role="switch"
          .checked=${C.armed}
          ?disabled=${C.switch===null}
          @change=${V=>{this.turn(C.switch,C.armed,V.target)}}
        />
        ${this.t("cameras.armed")}
      </label>
      <label class="switch">
        <input
          type="checkbox"
          role="switch"
          .checked=${C.private}
          ?disabled=${C.privacy_switch===null}
          @change=${V=>{this.turn(C.privacy_switch,C.private,V.target)}}
        />
        ${this.t("cameras.privacy")}
      </label>
      <span class="break"></span>
      <button
        ?disabled=${H||!C.armed||C.private}
        @click=${()=>{this.record(C)}}
        aria-label=${`${this.t("cameras.record")}: ${C.name}`}
      >
        <cg-icon .path=${l5}></cg-icon>${H?this.t("cameras.starting"):this.t("cameras.record")}
      </button>
      <button
        @click=${()=>O(h("cameras",C.camera_id,"zones"))}
        aria-label=${`${this.zonesOf(C)}: ${C.name}`}
      >
        <cg-icon .path=${P1}></cg-icon>${this.zonesOf(C)}
      </button>
      <button
        @click=${()=>O(h("cameras",C.camera_id,"motion"))}
        aria-label=${`${this.t("cameras.motion")}: ${C.name}`}
      >
        <cg-icon .path=${d5}></cg-icon>${this.t("cameras.motion")}
      </button>
    </div>`}zonesOf(C){return C.zones?this.t("cameras.zones",{count:C.zones}):this.t("cameras.zones_none")}async turn(C,H,V){try{await this.hass.callService("switch",V.checked?"turn_on":"turn_off",{entity_id:C})}catch(e){this.app.toast(e),V.checked=H}}async record(C){this.busy=new Set([...this.busy,C.camera_id]);try{await this.app.client.send({type:"call_service",domain:"camguard",service:"record",service_data:{duration:30},target:{entity_id:C.entity_id},return_response:!0}),this.app.toast(this.t("cameras.recording_begun",{camera:C.name}))}catch(H){this.app.toast(H)}this.busy=new Set([...this.busy].filter(H=>H!==C.camera_id))}};i([p({attribute:!1})],D1.prototype,"hass",2),i([a()],D1.prototype,"beat",2),i([a()],D1.prototype,"busy",2);c("cg-cameras",D1);function D(M,L=0,C=1){return Math.min(Math.max(M,L),C)}function B2(M){return M.trim().split(/\s+/).filter(Boolean).map(L=>{let[C=0,H=0]=L.split(",").map(V=>Number(V)/100);return[D(C),D(H)]})}function h3(M){let L=C=>String(Number((C*100).toFixed(4)));return M.map(([C,H])=>`${L(C)},${L(H)}`).join(" ")}function v0(M){let L=0;return M.forEach(([C,H],V)=>{let[e,r]=p1(M,V+1);L+=C*r-e*H}),Math.abs(L)/2}function x0(M,L,C){let H=!1;return M.forEach(([V,e],r)=>{let[o,A]=p1(M,r+1);e>C!=A>C&&L<(o-V)*(C-e)/(A-e)+V&&(H=!H)}),H}function g3(M){let L=0;for(let C=0;C<128;C++)for(let H=0;H<128;H++){let V=(H+.5)/128,e=(C+.5)/128;M.some(r=>x0(r.points,V,e))&&L++}return L/128**2}function _1(M,L){return M.length<3?"few":M.length>L?"many":c0(M)?"crosses":v0(M)<5e-4?"small":null}function c0(M){if(new Set(M.map(String)).size!==M.length)return!0;let L=M.length;for(let C=0;C<L;C++)for(let H=C+2;H<L;H++)if(!(C===0&&H===L-1)&&u0(p1(M,C),p1(M,C+1),p1(M,H),p1(M,H+1)))return!0;return!1}function Z5(M,L,C){return M.map((H,V)=>V===L?[D(C[0]),D(C[1])]:H)}function S5(M,L,C){return[...M.slice(0,L+1),[D(C[0]),D(C[1])],...M.slice(L+1)]}function T2(M,L){return M.length<=3?[...M]:M.filter((C,H)=>H!==L)}function f3(M,L,C){let H=M.map(([o])=>o),V=M.map(([,o])=>o),e=D(L,-Math.min(...H),1-Math.max(...H)),r=D(C,-Math.min(...V),1-Math.max(...V));return M.map(([o,A])=>[o+e,A+r])}function h5(M,L){return[(M[0]+L[0])/2,(M[1]+L[1])/2]}function R2(M,L){let[C,H]=[D(Math.min(M[0],L[0])),D(Math.max(M[0],L[0]))],[V,e]=[D(Math.min(M[1],L[1])),D(Math.max(M[1],L[1]))];return[[C,V],[H,V],[H,e],[C,e]]}function O3(M){return R2(...{top:[[0,0],[1,.5]],bottom:[[0,.5],[1,1]],left:[[0,0],[.5,1]],right:[[.5,0],[1,1]]}[M])}function p1(M,L){return M[L%M.length]}function P2(M,L,C){return(L[0]-M[0])*(C[1]-M[1])-(L[1]-M[1])*(C[0]-M[0])}function $2(M,L,C){return Math.min(M[0],L[0])<=C[0]&&C[0]<=Math.max(M[0],L[0])&&Math.min(M[1],L[1])<=C[1]&&C[1]<=Math.max(M[1],L[1])}function u0(M,L,C,H){let[V,e,r,o]=[P2(C,H,M),P2(C,H,L),P2(M,L,C),P2(M,L,H)];return V*e<0&&r*o<0?!0:V===0&&$2(C,H,M)||e===0&&$2(C,H,L)||r===0&&$2(M,L,C)||o===0&&$2(M,L,H)}var N1=class{constructor(L,C=200){this.value=L;this.most=C;this.past=[];this.future=[];this.gesture=null}get present(){return this.value}get canUndo(){return this.past.length>0}get canRedo(){return this.future.length>0}push(L,C=null){L!==this.value&&((C===null||C!==this.gesture)&&(this.past.push(this.value),this.past.length>this.most&&this.past.shift()),this.gesture=C,this.future=[],this.value=L)}undo(){let L=this.past.pop();L!==void 0&&(this.future.push(this.value),this.value=L,this.gesture=null)}redo(){let L=this.future.pop();L!==void 0&&(this.past.push(this.value),this.value=L,this.gesture=null)}};var z1=[1,2,4],I1={zoom:1,x:0,y:0};function y3(M,L,C=[.5,.5]){let[H,V]=[(C[0]-M.x)*M.zoom,(C[1]-M.y)*M.zoom];return g5({zoom:L,x:C[0]-H/L,y:C[1]-V/L})}function b3(M,L,C){return g5({...M,x:M.x+L,y:M.y+C})}function w3(M,L){let C=1/M.zoom,H=D(M.x,L[0]-C*.9,L[0]-C*.1),V=D(M.y,L[1]-C*.9,L[1]-C*.1);return g5({...M,x:H,y:V})}function k3(M,L,C){return[M.x+L/M.zoom,M.y+C/M.zoom]}function g5(M){let L=1-1/M.zoom;return{zoom:M.zoom,x:D(M.x,0,L),y:D(M.y,0,L)}}var f5=7,O5=22,Z0=4,S0=2,h0=16,g0=6,R=class extends Z{constructor(){super(...arguments);this.picture="";this.width=16;this.height=9;this.blurred=!1;this.zones=[];this.chosen=-1;this.tool="edit";this.view=I1;this.opposite=!1;this.most=64;this.draft=[];this.box=null;this.finger=null;this.boardPx=800;this.gesture=null;this.down=null;this.gestureId=0;this.sized=new ResizeObserver(()=>this.boardPx=this.board.clientWidth||800);this.onDown=C=>{if(C.button>0||this.gesture)return;this.board.setPointerCapture(C.pointerId),this.down={x:C.clientX,y:C.clientY},this.gestureId++;let H=C.target.closest("[data-corner],[data-middle],[data-zone]"),V=this.place(C),e=this.zones[this.chosen];if(this.tool==="rectangle")this.gesture={kind:"rectangle",from:V};else if(this.tool==="corners")this.gesture={kind:"pan",u:C.clientX,v:C.clientY,view:this.view};else if(H?.dataset.corner!==void 0&&e)H.focus(),this.emit("corner",Number(H.dataset.corner)),this.gesture={kind:"corner",index:Number(H.dataset.corner),points:e.points};else if(H?.dataset.middle!==void 0&&e){let r=Number(H.dataset.middle),o=S5(e.points,r,V);this.gesture={kind:"corner",index:r+1,points:o},this.tell(o)}else if(H?.dataset.zone!==void 0){let r=Number(H.dataset.zone);r!==this.chosen&&this.emit("choose",r),this.gesture={kind:"body",from:V,points:this.zones[r]?.points??[]}}else this.gesture={kind:"pan",u:C.clientX,v:C.clientY,view:this.view}};this.onMove=C=>{let H=this.gesture;if(!H||this.isTap(C))return;let V=this.place(C);switch(H.kind){case"corner":this.finger=C.pointerType==="mouse"?null:V,this.tell(Z5(H.points,H.index,V));break;case"body":this.tell(f3(H.points,V[0]-H.from[0],V[1]-H.from[1]));break;case"rectangle":this.finger=C.pointerType==="mouse"?null:V,this.box=R2(H.from,V);break;case"pan":{let e=this.board.getBoundingClientRect(),r=(H.u-C.clientX)/e.width/H.view.zoom,o=(H.v-C.clientY)/e.height/H.view.zoom;this.emit("view",b3(H.view,r,o))}}};this.onUp=C=>{let H=this.gesture;this.onCancel(),H&&(H.kind==="rectangle"&&!this.isTap(C)?(this.box=null,this.emit("drawn",R2(H.from,this.place(C)))):this.tool==="corners"&&this.isTap(C)?this.addCorner(this.place(C)):H.kind==="pan"&&this.isTap(C)&&this.emit("choose",-1),this.down=null)};this.onCancel=()=>{this.gesture=null,this.finger=null,this.box=null}}static{this.styles=[u,x`
      :host {
        display: block;
        position: relative;
      }
      .frame {
        position: relative;
        overflow: hidden;
        border-radius: 8px;
        background: #111;
      }
      svg.board {
        display: block;
        width: 100%;
        touch-action: none;
        user-select: none;
        -webkit-user-select: none;
        cursor: crosshair;
      }
      svg.board[data-tool="edit"] {
        cursor: default;
      }
      .zone {
        fill: rgb(0 0 0 / 60%);
        stroke: #fff;
        vector-effect: non-scaling-stroke;
        stroke-width: 1.5px;
        cursor: pointer;
      }
      .zone.chosen {
        stroke: #ffca28;
        stroke-width: 2.5px;
        cursor: move;
      }
      .opposite .zone {
        fill: transparent;
      }
      .visible {
        fill: rgb(76 175 80 / 45%);
        pointer-events: none;
      }
      .draft {
        fill: rgb(255 202 40 / 30%);
        stroke: #ffca28;
        stroke-width: 2px;
        vector-effect: non-scaling-stroke;
        pointer-events: none;
      }
      .knob {
        fill: #fff;
        stroke: #222;
        stroke-width: 1.5px;
        vector-effect: non-scaling-stroke;
      }
      .mid {
        fill: #ffca28;
        opacity: 0.9;
      }
      .hit {
        fill: transparent;
        cursor: grab;
      }
      g:focus-visible {
        outline: none;
      }
      g:focus-visible .knob {
        stroke: #2196f3;
        stroke-width: 5px;
      }
      .loupe {
        position: absolute;
        top: 8px;
        width: 128px;
        height: 128px;
        border-radius: 50%;
        border: 2px solid #fff;
        box-shadow: 0 2px 12px rgb(0 0 0 / 60%);
        overflow: hidden;
        pointer-events: none;
        background: #000;
      }
      .loupe svg {
        width: 100%;
        height: 100%;
      }
      image.blurred {
        filter: blur(24px);
      }
    `]}disconnectedCallback(){super.disconnectedCallback(),this.sized.disconnect()}firstUpdated(){this.sized.observe(this.board)}willUpdate(C){C.has("tool")&&this.cancelDraft()}cancelDraft(){let C=this.draft.length>0||this.box!==null;return this.draft=[],this.box=null,C}undoCorner(){return this.draft.length===0?!1:(this.draft=this.draft.slice(0,-1),!0)}finish(){this.draft.length>=3&&this.emit("drawn",this.draft),this.draft=[]}get corners(){return this.draft.length}render(){let{width:C,height:H}=this,V=1/this.view.zoom,e=`${this.view.x*C} ${this.view.y*H} ${V*C} ${V*H}`,r=this.zones[this.chosen];return t`<div class="frame ${this.opposite?"opposite":""}">
      <svg
        class="board"
        role="application"
        aria-label=${this.t("zones.board")}
        data-tool=${this.tool}
        viewBox=${e}
        style="aspect-ratio: ${C} / ${H}"
        @pointerdown=${this.onDown}
        @pointermove=${this.onMove}
        @pointerup=${this.onUp}
        @pointercancel=${this.onCancel}
        @dblclick=${()=>this.finish()}
        @contextmenu=${o=>o.preventDefault()}
      >
        ${this.scene()} ${this.opposite?U`<path class="visible" fill-rule="evenodd" d=${this.complement()} />`:""}
        ${this.draftShape()}
        ${r&&this.tool==="edit"?this.handles(r):""}
      </svg>
      ${this.finger?this.loupe(this.finger):""}
    </div>`}scene(){return U`<image
        class=${this.blurred?"blurred":""}
        href=${this.picture}
        width=${this.width}
        height=${this.height}
        preserveAspectRatio="none"
      />
      ${this.zones.map((C,H)=>U`<polygon
          class="zone ${H===this.chosen?"chosen":""}"
          data-zone=${H}
          points=${this.pixels(C.points)}
        ><title>${C.name}</title></polygon>`)}`}draftShape(){let C=this.box??this.draft;return C.length===0?"":U`<polygon class="draft" points=${this.pixels(C)} />
      ${this.draft.map(([H,V])=>U`<circle class="knob" cx=${H*this.width} cy=${V*this.height} r=${this.px(f5)} />`)}`}handles(C){let H=C.points.length>=this.most;return U`${H?"":C.points.map((V,e)=>{let[r,o]=h5(V,p1(C.points,e+1));return U`<g data-middle=${e}>
              <circle class="hit" cx=${r*this.width} cy=${o*this.height} r=${this.px(O5*.7)} />
              <circle class="knob mid" cx=${r*this.width} cy=${o*this.height} r=${this.px(f5*.65)} />
            </g>`})}
    ${C.points.map(([V,e],r)=>U`<g
        tabindex="0"
        role="button"
        data-corner=${r}
        aria-label=${this.t("zones.corner",{number:r+1,zone:C.name,x:Math.round(V*100),y:Math.round(e*100)})}
        @keydown=${o=>this.onKey(o,r)}
        @focus=${()=>this.emit("corner",r)}
      >
        <circle class="hit" cx=${V*this.width} cy=${e*this.height} r=${this.px(O5)} />
        <circle class="knob" cx=${V*this.width} cy=${e*this.height} r=${this.px(f5)} />
      </g>`)}`}loupe([C,H]){let V=this.width/this.view.zoom/Z0/2,[e,r]=[C*this.width,H*this.height],o=(C-this.view.x)*this.view.zoom>.5;return t`<div class="loupe" style=${o?"left: 8px":"right: 8px"}>
      <svg viewBox="${e-V/2} ${r-V/2} ${V} ${V}">
        ${this.scene()}
        ${U`<path
          d="M${e-V/2} ${r}h${V}M${e} ${r-V/2}v${V}"
          stroke="#ffca28"
          vector-effect="non-scaling-stroke"
        />`}
      </svg>
    </div>`}complement(){let C=this.zones.map(H=>`M${H.points.map(([V,e])=>`${V*this.width} ${e*this.height}`).join("L")}Z`);return`M0 0H${this.width}V${this.height}H0Z${C.join("")}`}pixels(C){return C.map(([H,V])=>`${H*this.width},${V*this.height}`).join(" ")}px(C){return C*this.width/this.view.zoom/this.boardPx}place(C){let H=this.board.getBoundingClientRect();return k3(this.view,(C.clientX-H.left)/H.width,(C.clientY-H.top)/H.height)}addCorner(C){let H=this.draft[0],V=(e,r)=>Math.hypot((e[0]-r[0])*this.width,(e[1]-r[1])*this.height)<this.px(O5*.8);H&&this.draft.length>=3&&V(H,C)?this.finish():this.draft.length<this.most&&!this.draft.some(e=>V(e,C))&&(this.draft=[...this.draft,[Math.min(Math.max(C[0],0),1),Math.min(Math.max(C[1],0),1)]],this.emit("drafted",this.draft.length))}isTap(C){return this.down!==null&&Math.hypot(C.clientX-this.down.x,C.clientY-this.down.y)<g0}onKey(C,H){let V=this.zones[this.chosen],e=V?.points[H];if(!V||!e)return;let r=this.px(C.shiftKey?h0:S0),A={ArrowLeft:[-r/this.width,0],ArrowRight:[r/this.width,0],ArrowUp:[0,-r/this.height],ArrowDown:[0,r/this.height]}[C.key];if(A){let l=[e[0]+A[0],e[1]+A[1]];this.emit("points",{points:Z5(V.points,H,l),gesture:`key${H}`}),this.emit("view",w3(this.view,l))}else if(C.key==="Delete"||C.key==="Backspace")this.emit("points",{points:T2(V.points,H),gesture:null});else if(C.key==="Insert"&&V.points.length<this.most){let l=h5(e,p1(V.points,H+1));this.emit("points",{points:S5(V.points,H,l),gesture:null})}else return;C.preventDefault(),C.stopPropagation()}tell(C){this.emit("points",{points:C,gesture:this.gestureId})}};i([p()],R.prototype,"picture",2),i([p({type:Number})],R.prototype,"width",2),i([p({type:Number})],R.prototype,"height",2),i([p({type:Boolean})],R.prototype,"blurred",2),i([p({attribute:!1})],R.prototype,"zones",2),i([p({type:Number})],R.prototype,"chosen",2),i([p()],R.prototype,"tool",2),i([p({attribute:!1})],R.prototype,"view",2),i([p({type:Boolean})],R.prototype,"opposite",2),i([p({type:Number})],R.prototype,"most",2),i([N("svg")],R.prototype,"board",2),i([a()],R.prototype,"draft",2),i([a()],R.prototype,"box",2),i([a()],R.prototype,"finger",2),i([a()],R.prototype,"boardPx",2);c("cg-zone-canvas",R);var O0=700,y5=new Map;function F2(M){y5.delete(M)}var $=class extends Z{constructor(){super(...arguments);this.target={};this.initial=[];this.mostPoints=64;this.mostZones=32;this.still="";this.chosen=-1;this.corner=-1;this.tool="edit";this.view=I1;this.opposite=!1;this.corners=0;this.asking=!1;this.trouble=null;this.preview=null;this.previewed=null;this.previewing=!1;this.previewTrouble=null;this.timer=0;this.asked=0;this.onKey=C=>{let H=C.composedPath()[0].tagName==="INPUT";(C.ctrlKey||C.metaKey)&&!H&&["z","y","Z"].includes(C.key)?(C.preventDefault(),C.key==="z"?this.undo():this.redo()):C.key==="Escape"?this.tool!=="edit"?this.leaveTool():this.chosen=-1:C.key==="Enter"&&this.tool==="corners"&&this.corners>=3&&!H&&this.canvas?.finish()}}static{this.styles=[u,x`
      :host {
        display: block;
      }
      .layout {
        display: grid;
        grid-template-columns: minmax(0, 2fr) minmax(260px, 1fr);
        gap: 16px;
      }
      @media (max-width: 870px) {
        .layout {
          grid-template-columns: minmax(0, 1fr);
        }
      }
      .tools {
        display: flex;
        flex-wrap: wrap;
        gap: 4px;
        padding: 8px 0;
        align-items: center;
      }
      .tools .gap {
        flex: 1;
      }
      .curtain {
        position: relative;
        border-radius: 8px;
        overflow: hidden;
        background: #111;
        color: #fff;
        aspect-ratio: 16 / 9;
        min-height: 260px;
        width: 100%;
        display: grid;
        place-items: center;
      }
      .curtain img {
        position: absolute;
        inset: 0;
        width: 100%;
        height: 100%;
        object-fit: cover;
        filter: blur(18px);
        opacity: 0.6;
      }
      .curtain div {
        position: relative;
        text-align: center;
        padding: 16px;
        max-width: 440px;
        text-shadow: 0 1px 4px #000;
      }
      .curtain .secondary {
        color: #ddd;
      }
      ul {
        list-style: none;
        margin: 0;
        padding: 0;
      }
      li {
        display: flex;
        align-items: center;
        gap: 4px;
        border-radius: 8px;
        padding: 2px 4px;
      }
      li[data-chosen] {
        background: color-mix(in srgb, var(--primary-color) 14%, transparent);
      }
      li input {
        min-height: 40px;
        padding: 6px 10px;
      }
      .fault {
        color: var(--primary-text-color);
        font-size: 12px;
        flex-basis: 100%;
        padding: 0 8px 6px;
      }
      .preview {
        position: relative;
        border-radius: 8px;
        overflow: hidden;
        background: #111;
        color: #ddd;
        min-height: 120px;
      }
      .preview img {
        display: block;
        width: 100%;
        max-height: 60vh;
        object-fit: contain;
      }
      .preview progress {
        position: absolute;
        left: 0;
        right: 0;
        bottom: 0;
      }
      .preview .none {
        padding: 32px 16px;
        text-align: center;
      }
      details > div {
        display: flex;
        flex-wrap: wrap;
        gap: 4px;
      }
      summary {
        min-height: 40px;
        display: flex;
        align-items: center;
        gap: 8px;
        cursor: pointer;
        font-weight: 500;
      }
    `]}get key(){return JSON.stringify(this.target)}get zones(){return this.draft.history.present}get seen(){return this.previewed===this.zones?this.preview:null}willUpdate(C){C.has("target")&&JSON.stringify(C.get("target"))!==this.key&&(this.draft=y5.get(this.key)??{history:new N1(this.initial),picture:null},y5.set(this.key,this.draft),this.preview=this.previewed=null,this.draft.picture&&this.lookSoon(),this.tellChange())}disconnectedCallback(){super.disconnectedCallback(),window.clearTimeout(this.timer)}replace(C){this.step(C)}render(){return t`<div class="layout" @keydown=${this.onKey}>
      <div>${this.draft.picture?this.board(this.draft.picture):this.curtain()}</div>
      <div class="stack">
        ${this.list()}
        <div>
          <h3>${this.t("zones.preview")}</h3>
          <p class="secondary">${this.t("zones.preview_hint")}</p>
          ${this.previewBox()}
        </div>
      </div>
    </div>`}curtain(){return t`<div class="curtain">
      ${this.still?t`<img src=${this.still} alt="" />`:""}
      <div>
        ${this.asking?t`<p role="status">${this.t("zones.fetching")}</p>
                <progress aria-label=${this.t("zones.fetching")}></progress>`:t`<p>${this.t("zones.reveal_hint")}</p>
                <button class="filled" @click=${()=>{this.reveal()}}>
                  <cg-icon .path=${y2}></cg-icon>${this.t("zones.reveal")}
                </button>
                <p class="secondary">${this.t("zones.reveal_noted")}</p>`}
        ${this.trouble?w(this.app,this.trouble):""}
      </div>
    </div>`}async reveal(){this.asking=!0,this.trouble=null;try{this.draft.picture=await this.app.client.call("zones/reveal",this.target,i3),this.lookSoon(0),this.tellChange()}catch(C){this.trouble=C}this.asking=!1}board(C){let H=this.draft.history,V=this.tool!=="edit",e=this.zones[this.chosen];return t`<div class="tools" role="toolbar" aria-label=${this.t("zones.tools")}>
        ${this.toolButton("corners",M2,"zones.draw")}
        ${this.toolButton("rectangle",o2,"zones.rectangle")}
        <span class="gap"></span>
        ${this.button(A2,"zones.undo",()=>this.undo(),!H.canUndo&&this.corners===0)}
        ${this.button(a2,"zones.redo",()=>this.redo(),!H.canRedo)}
        ${this.button(a5,"zones.zoom_out",()=>this.zoom(-1),this.view.zoom===z1[0])}
        <span aria-live="polite">×${this.view.zoom}</span>
        ${this.button(A5,"zones.zoom_in",()=>this.zoom(1),this.view.zoom===z1.at(-1))}
        ${this.button(this.opposite?y2:E1,this.opposite?"zones.show_hidden":"zones.show_visible",()=>this.opposite=!this.opposite,!1,this.opposite)}
      </div>
      <cg-zone-canvas
        .app=${this.app}
        .picture=${`data:image/jpeg;base64,${C.image}`}
        .width=${C.width}
        .height=${C.height}
        .zones=${this.zones}
        .chosen=${this.chosen}
        .tool=${this.tool}
        .view=${this.view}
        .opposite=${this.opposite}
        .most=${this.mostPoints}
        @points=${r=>this.setPoints(r.detail)}
        @drawn=${r=>this.add(r.detail)}
        @drafted=${r=>this.corners=r.detail}
        @corner=${r=>this.corner=r.detail}
        @choose=${r=>{this.chosen=r.detail,this.corner=-1}}
        @view=${r=>this.view=r.detail}
      ></cg-zone-canvas>
      <div class="tools" role="status">
        <span class="grow secondary"
          >${V?this.t(this.tool==="rectangle"?"zones.hint_rectangle":"zones.hint_corners"):this.t(this.chosen>=0?"zones.hint_chosen":"zones.hint_edit")}</span
        >
        ${e&&!V&&this.corner>=0&&this.corner<e.points.length?t`<button ?disabled=${e.points.length<=3} @click=${()=>this.removeCorner(e)}>
                <cg-icon .path=${C1}></cg-icon>${this.t("zones.remove_corner")}
              </button>`:""}
        ${V?t`<button @click=${()=>this.leaveTool()}>${this.t("common.cancel")}</button>
                ${this.tool==="corners"?t`<button
                        class="filled"
                        ?disabled=${this.corners<3}
                        @click=${()=>this.canvas?.finish()}
                      >
                        ${this.t("zones.finish")}
                      </button>`:""}`:""}
      </div>`}toolButton(C,H,V){let e=this.zones.length>=this.mostZones;return t`<button
      class="tonal"
      aria-pressed=${this.tool===C?"true":"false"}
      ?disabled=${e}
      @click=${()=>{this.tool===C?this.leaveTool():(this.tool=C,this.corners=0,this.chosen=-1)}}
    >
      <cg-icon .path=${H}></cg-icon>${this.t(V)}
    </button>`}button(C,H,V,e,r){return t`<button
      class="icon"
      title=${this.t(H)}
      aria-label=${this.t(H)}
      aria-pressed=${r===void 0?"false":String(r)}
      ?disabled=${e}
      @click=${V}
    >
      <cg-icon .path=${C}></cg-icon>
    </button>`}leaveTool(){this.canvas?.cancelDraft(),this.tool="edit",this.corners=0}zoom(C){let H=z1.findIndex(e=>e===this.view.zoom)+C,V=this.zones[this.chosen]?.points[0]??[this.view.x+.5/this.view.zoom,this.view.y+.5/this.view.zoom];this.view=y3(this.view,z1[Math.min(Math.max(H,0),z1.length-1)]??1,V)}list(){let C=this.zones;return t`<div>
      <h3>${this.t("zones.list",{count:C.length})}</h3>
      <p class="secondary">${this.t("zones.covered",{percent:this.app.format.percent(g3(C))})}</p>
      ${C.length===0?t`<p class="secondary">${this.t("zones.none")}</p>`:""}
      <ul>
        ${C.map((H,V)=>this.zoneRow(H,V))}
      </ul>
      ${this.draft.picture?t`<details>
              <summary><cg-icon .path=${t2}></cg-icon>${this.t("zones.shortcuts")}</summary>
              <div>
                ${["top","bottom","left","right"].map(H=>t`<button
                      class="chip"
                      ?disabled=${C.length>=this.mostZones}
                      @click=${()=>this.add(O3(H))}
                    >
                      ${this.t(`zones.half_${H}`)}
                    </button>`)}
              </div>
            </details>`:""}
    </div>`}zoneRow(C,H){let V=_1(C.points,this.mostPoints);return t`<li ?data-chosen=${H===this.chosen}>
        <button
          class="icon"
          aria-label=${this.t("zones.choose",{zone:C.name})}
          aria-pressed=${H===this.chosen?"true":"false"}
          @click=${()=>{this.leaveTool(),this.chosen=H===this.chosen?-1:H}}
        >
          <cg-icon .path=${P1}></cg-icon>
        </button>
        <input
          aria-label=${this.t("zones.name")}
          maxlength="60"
          .value=${C.name}
          @focus=${()=>this.chosen=H}
          @change=${e=>this.rename(H,e.target.value)}
        />
        <button
          class="icon"
          aria-label=${this.t("zones.delete",{zone:C.name})}
          @click=${()=>{this.chosen=-1,this.step(y0(this.zones,H))}}
        >
          <cg-icon .path=${C1}></cg-icon>
        </button>
      </li>
      ${V?t`<div class="fault" role="alert">⚠ ${this.t(`zones.fault_${V}`)}</div>`:""}`}add(C){let H=this.t("zones.new_name",{number:this.zones.length+1});this.step([...this.zones,{name:H,points:C}]),this.leaveTool(),this.chosen=this.zones.length-1}rename(C,H){this.step(this.zones.map((V,e)=>e===C?{...V,name:H.trim()||V.name}:V))}removeCorner(C){this.setPoints({points:T2(C.points,this.corner),gesture:null}),this.corner=-1}setPoints({points:C,gesture:H}){this.step(this.zones.map((V,e)=>e===this.chosen?{...V,points:C}:V),H)}step(C,H=null){this.draft.history.push(C,H),this.afterStep()}undo(){if(this.canvas?.undoCorner()){this.corners=this.canvas.corners;return}this.draft.history.undo(),this.afterStep()}redo(){this.draft.history.redo(),this.afterStep()}afterStep(){this.chosen>=this.zones.length&&(this.chosen=-1),this.requestUpdate(),this.tellChange(),this.draft.picture&&this.lookSoon()}tellChange(){let C=this.zones.some(V=>_1(V.points,this.mostPoints)!==null),H=this.draft.picture;this.emit("change",{zones:this.zones,fit:!C&&H!==null&&this.seen!==null,changed:this.draft.history.canUndo,reference:H?[H.width,H.height]:null})}lookSoon(C=O0){window.clearTimeout(this.timer),this.timer=window.setTimeout(()=>{this.look()},C)}async look(){if(this.zones.find(e=>_1(e.points,this.mostPoints)))return;let H=++this.asked,V=this.zones;this.previewing=!0;try{let e=await this.app.client.call("zones/preview",{...this.target,zones:$1(V)},o3);if(H!==this.asked)return;this.preview=e,this.previewed=V,this.previewTrouble=null;let r=this.draft.picture;r&&Math.abs(e.width*r.height-e.height*r.width)>.02*r.width*e.height&&(this.draft.picture=null,this.trouble=z({code:"shape_changed",translation_domain:"camguard",translation_key:"shape_changed"})),this.tellChange()}catch(e){if(H!==this.asked)return;z(e).key==="picture_not_shown"&&(this.draft.picture=null,this.tellChange()),this.previewTrouble=e}finally{H===this.asked&&(this.previewing=!1)}}previewBox(){return t`<div class="preview" aria-busy=${this.previewing?"true":"false"}>
        ${this.preview?t`<img
                src=${`data:image/jpeg;base64,${this.preview.image}`}
                alt=${this.t("zones.preview_alt",{percent:this.app.format.percent(this.preview.covered)})}
              />`:t`<div class="none"><cg-icon .path=${E1}></cg-icon><p>${this.t("zones.preview_none")}</p></div>`}
        ${this.previewing?t`<progress aria-label=${this.t("common.loading")}></progress>`:""}
      </div>
      ${this.previewTrouble?b(F,this.app.texts.refusal(z(this.previewTrouble)),"warning"):""}`}};i([p({attribute:!1})],$.prototype,"target",2),i([p({attribute:!1})],$.prototype,"initial",2),i([p({type:Number})],$.prototype,"mostPoints",2),i([p({type:Number})],$.prototype,"mostZones",2),i([p()],$.prototype,"still",2),i([a()],$.prototype,"draft",2),i([a()],$.prototype,"chosen",2),i([a()],$.prototype,"corner",2),i([a()],$.prototype,"tool",2),i([a()],$.prototype,"view",2),i([a()],$.prototype,"opposite",2),i([a()],$.prototype,"corners",2),i([a()],$.prototype,"asking",2),i([a()],$.prototype,"trouble",2),i([a()],$.prototype,"preview",2),i([a()],$.prototype,"previewing",2),i([a()],$.prototype,"previewTrouble",2),i([N("cg-zone-canvas")],$.prototype,"canvas",2);function $1(M){return M.map(L=>({name:L.name,points:h3(L.points)}))}function y0(M,L){return M.filter((C,H)=>H!==L)}c("cg-zone-editor",$);var b0=[],I=class extends Z{constructor(){super(...arguments);this.choices=null;this.trouble=null;this.step="camera";this.source="";this.place="";this.mode="event";this.triggers=[];this.zones=[];this.reference=null;this.fit=!1;this.stated=!1;this.saving=!1;this.target={};this.seen=""}static{this.styles=[u,x`
      .steps {
        display: flex;
        gap: 8px;
        margin: 8px 0 16px;
        padding: 0;
        list-style: none;
      }
      .steps li {
        flex: 1;
        border-top: 3px solid var(--divider-color);
        padding-top: 6px;
        font-size: 12px;
        color: var(--secondary-text-color);
      }
      .steps li[aria-current="step"] {
        border-color: var(--primary-color);
        color: var(--primary-text-color);
      }
      .triggers {
        max-height: 240px;
        overflow: auto;
        border: 1px solid var(--divider-color);
        border-radius: 8px;
        padding: 0 12px;
      }
      img {
        width: 100%;
        border-radius: 8px;
      }
    `]}connectedCallback(){super.connectedCallback(),this.load()}async load(){await this.updateComplete,this.trouble=null;try{this.choices=await this.app.client.call("cameras/candidates",{},A3),this.choices.sources.length===1&&(this.source=this.choices.sources[0]?.entity_id??"")}catch(C){this.trouble=C}}render(){if(this.trouble&&!this.choices)return t`<div class="page">${w(this.app,this.trouble,()=>{this.load()})}</div>`;if(!this.choices)return E(this.app);let C=["camera","zones","state"];return t`<div class="page ${this.step==="zones"?"":"narrow-page"}">
      <div class="row">
        <button class="icon" aria-label=${this.t("common.back")} @click=${()=>this.back()}>
          <cg-icon .path=${n1}></cg-icon>
        </button>
        <h2>${this.t("add.title")}</h2>
      </div>
      <ol class="steps">
        ${C.map(H=>t`<li aria-current=${H===this.step?"step":"false"} ?data-now=${H===this.step}>
            ${this.t(`add.step_${H}`)}
          </li>`)}
      </ol>
      ${this.step==="camera"?this.cameraStep(this.choices):this.step==="zones"?this.zonesStep():this.stateStep()}
    </div>`}back(){this.step==="camera"?O(h("cameras")):this.step=this.step==="state"?"zones":"camera"}byAddress(){return t`<a href="/config/integrations/integration/camguard">${this.t("add.by_address")}</a>`}cameraStep(C){if(C.sources.length===0)return Q(b1,this.t("add.none"),t`<a class="button tonal" href="/config/integrations/dashboard">${this.t("add.none_hint")}</a><br /><br />${this.byAddress()}`);let H=Object.values(this.app.hass().states).filter(V=>C.trigger_domains.includes(V.entity_id.split(".")[0]??"")).map(V=>({id:V.entity_id,name:typeof V.attributes.friendly_name=="string"?V.attributes.friendly_name:V.entity_id})).sort((V,e)=>V.name.localeCompare(e.name));return t`<div class="card"><div class="card-content stack">
        <label class="field"
          >${this.t("add.source")}
          <select @change=${V=>this.source=V.target.value}>
            <option value="" ?selected=${!this.source}>${this.t("add.choose")}</option>
            ${C.sources.map(V=>t`<option value=${V.entity_id} ?selected=${V.entity_id===this.source}>
                  ${V.name} (${V.entity_id})
                </option>`)}
          </select>
        </label>
        <p class="secondary" style="margin:0">${this.byAddress()}</p>
        <label class="field"
          >${this.t("add.place")}
          <input
            maxlength="200"
            .value=${this.place}
            placeholder=${this.t("add.place_hint")}
            @input=${V=>this.place=V.target.value}
          />
        </label>
        <fieldset style="border:0;padding:0;margin:16px 0 0">
          <legend class="secondary">${this.t("add.mode")}</legend>
          ${["event","continuous","continuous_full"].map(V=>t`<label class="check option">
                <input
                  type="radio"
                  name="mode"
                  .checked=${V===this.mode}
                  @change=${()=>this.mode=V}
                />
                <span>${this.t(`add.mode_${V}`)}</span>
              </label>`)}
        </fieldset>
        ${this.mode==="event"?t`<div>
                <p class="secondary">${this.t("add.triggers")}</p>
                <div class="triggers">
                  ${H.map(V=>t`<label class="check">
                        <input
                          type="checkbox"
                          .checked=${this.triggers.includes(V.id)}
                          @change=${e=>{let r=e.target.checked;this.triggers=r?[...this.triggers,V.id]:this.triggers.filter(o=>o!==V.id)}}
                        />
                        <span>${V.name}<br /><span class="secondary">${V.id}</span></span>
                      </label>`)}
                </div>
              </div>`:""}
      </div>
      <div class="card-actions">
        <span class="grow secondary" style="padding:0 8px"
          >${this.t("add.more")} <a href="/config/integrations/integration/camguard">${this.t("common.integration")}</a></span
        >
        <button
          class="filled"
          ?disabled=${!this.source||!this.place.trim()}
          @click=${()=>{this.target.source!==this.source&&(this.target={source:this.source}),this.step="zones"}}
        >
          ${this.t("common.next")}
        </button>
      </div></div>`}zonesStep(){return t`<cg-zone-editor
        .app=${this.app}
        .target=${this.target}
        .initial=${b0}
        @change=${C=>{({zones:this.zones,fit:this.fit,reference:this.reference}=C.detail)}}
      ></cg-zone-editor>
      <div class="row" style="justify-content:flex-end;margin-top:16px">
        <button
          class="filled"
          ?disabled=${!this.fit}
          @click=${()=>{this.seen=this.editor?.seen?.image??"",this.stated=!1,this.trouble=null,this.step="state"}}
        >
          ${this.t("common.next")}
        </button>
      </div>`}stateStep(){return t`<div class="card"><div class="card-content">
        ${this.seen?t`<img src="data:image/jpeg;base64,${this.seen}" alt=${this.t("zones.preview")} />`:""}
        <label class="check">
          <input
            type="checkbox"
            .checked=${this.stated}
            @change=${C=>this.stated=C.target.checked}
          />
          <span>${this.t("zones.statement")}</span>
        </label>
        <p class="secondary">${this.t("zones.save_noted")}</p>
        ${this.saving?t`<progress aria-label=${this.t("common.saving")}></progress>`:""}
        ${this.trouble?w(this.app,this.trouble):""}
      </div>
      <div class="card-actions">
        <span class="grow"></span>
        <button class="filled" ?disabled=${!this.stated||this.saving} @click=${()=>{this.save()}}>
          ${this.t("add.guard")}
        </button>
      </div></div>`}async save(){this.saving=!0,this.trouble=null;try{await this.app.client.call("cameras/add",{source:this.source,place:this.place,mode:this.mode,triggers:this.mode==="event"?this.triggers:[],zones:$1(this.zones),statement:this.stated,reference:this.reference},n3),F2(JSON.stringify(this.target)),this.app.toast(this.t("add.done")),O(h("cameras"))}catch(C){this.trouble=C}this.saving=!1}};i([a()],I.prototype,"choices",2),i([a()],I.prototype,"trouble",2),i([a()],I.prototype,"step",2),i([a()],I.prototype,"source",2),i([a()],I.prototype,"place",2),i([a()],I.prototype,"mode",2),i([a()],I.prototype,"triggers",2),i([a()],I.prototype,"zones",2),i([a()],I.prototype,"reference",2),i([a()],I.prototype,"fit",2),i([a()],I.prototype,"stated",2),i([a()],I.prototype,"saving",2),i([N("cg-zone-editor")],I.prototype,"editor",2);c("cg-add",I);var P3=600,w0=3e3,K=class extends Z{constructor(){super(...arguments);this.cameraId="";this.known=null;this.trouble=null;this.seen=null;this.seenTrouble=null;this.chosen=-1;this.tool="edit";this.view=I1;this.saving=!1;this.history=null;this.timer=0}static{this.styles=[u,x`
      .top {
        display: flex;
        align-items: center;
        gap: 8px;
        flex-wrap: wrap;
        margin-bottom: 12px;
      }
      .layout {
        display: grid;
        grid-template-columns: minmax(0, 2fr) minmax(260px, 1fr);
        gap: 16px;
      }
      @media (max-width: 870px) {
        .layout {
          grid-template-columns: minmax(0, 1fr);
        }
      }
      .tools {
        display: flex;
        flex-wrap: wrap;
        gap: 4px;
        padding-bottom: 8px;
        align-items: center;
      }
      .legend {
        display: flex;
        flex-wrap: wrap;
        gap: 4px 16px;
        padding-top: 8px;
      }
      .legend span {
        display: inline-flex;
        align-items: center;
        gap: 6px;
      }
      .legend i {
        width: 14px;
        height: 14px;
        border-radius: 3px;
        display: inline-block;
        border: 2px solid transparent;
      }
      .changed {
        background: #e8833a;
      }
      .counts {
        border-color: var(--primary-text-color) !important;
      }
      .low {
        border-color: var(--secondary-text-color) !important;
        border-style: dashed !important;
      }
      .slider {
        display: block;
        padding: 8px 0;
      }
      .slider div {
        display: flex;
        justify-content: space-between;
      }
      .slider input {
        width: 100%;
        min-height: 44px;
        margin: 0;
        accent-color: var(--primary-color);
      }
      ul {
        list-style: none;
        margin: 0;
        padding: 0;
      }
      li {
        display: flex;
        align-items: center;
        gap: 4px;
      }
      li[data-chosen] {
        background: color-mix(in srgb, var(--primary-color) 14%, transparent);
        border-radius: 8px;
      }
      .waiting {
        aspect-ratio: 16 / 9;
        display: grid;
        place-items: center;
      }
    `]}connectedCallback(){super.connectedCallback(),this.lookSoon(0)}disconnectedCallback(){super.disconnectedCallback(),window.clearTimeout(this.timer)}willUpdate(C){C.has("cameraId")&&this.load()}get settings(){return this.history?.present??null}async load(){this.trouble=null;try{let C=await this.app.client.call("motion/get",{camera_id:this.cameraId},e3);this.history=new N1({enabled:C.enabled,triggers:C.triggers,sensitivity:C.sensitivity,least:C.least_height,areas:C.leave_out.map(H=>({name:H.name,points:B2(H.points)}))}),this.known=C,this.lookSoon(0)}catch(C){this.trouble=C}}lookSoon(C=P3){window.clearTimeout(this.timer),this.timer=window.setTimeout(()=>{this.look()},C)}async look(){if(!this.settings||document.hidden){this.lookSoon();return}let C=this.timer;try{this.seen=await this.app.client.call("motion/look",this.asked,r3),this.seenTrouble=null}catch(H){this.seenTrouble=H}this.isConnected&&C===this.timer&&this.lookSoon(this.seenTrouble?w0:P3)}get asked(){let C=this.settings,H=this.known?.max_points??0;return{camera_id:this.cameraId,sensitivity:C?.sensitivity,least_height:C?.least,leave_out:$1((C?.areas??[]).filter(V=>_1(V.points,H)===null))}}change(C,H=null){let V=this.history;V&&(V.push({...V.present,...C},H),this.chosen>=V.present.areas.length&&(this.chosen=-1),this.requestUpdate())}step(C){C?this.history?.undo():this.history?.redo(),this.change({}),this.chosen=-1}async save(){let C=this.settings;if(C){this.saving=!0;try{await this.app.client.call("motion/save",{...this.asked,enabled:C.enabled,triggers:C.triggers},t3),this.app.toast(this.t("motion.saved")),O(h("cameras"))}catch(H){this.app.toast(H)}this.saving=!1}}render(){if(this.trouble)return t`<div class="page">${w(this.app,this.trouble,()=>{this.load()})}</div>`;let C=this.settings;return!this.known||!C?E(this.app):t`<div class="page">
      <div class="top">
        <button class="icon" aria-label=${this.t("common.back")} @click=${()=>O(h("cameras"))}>
          <cg-icon .path=${n1}></cg-icon>
        </button>
        <h2 class="grow">${this.t("motion.title",{camera:this.known.name})}</h2>
        <button class="filled" ?disabled=${this.saving||!this.history?.canUndo} @click=${()=>{this.save()}}>
          ${this.saving?this.t("common.saving"):this.t("common.save")}
        </button>
      </div>
      <div class="layout">
        <div>${this.board(C)}</div>
        <div>${this.controls(C)}</div>
      </div>
    </div>`}board(C){let H=C.areas.length>=(this.known?.max_zones??0),V=(e,r,o)=>t`<button
      class="tonal"
      aria-pressed=${this.tool===e?"true":"false"}
      ?disabled=${H||!this.seen}
      @click=${()=>{this.canvas?.cancelDraft(),this.tool=this.tool===e?"edit":e,this.chosen=-1}}
    >
      <cg-icon .path=${r}></cg-icon>${this.t(o)}
    </button>`;return t`<div class="tools" role="toolbar" aria-label=${this.t("motion.areas")}>
        ${V("rectangle",o2,"motion.leave_out")} ${V("corners",M2,"zones.draw")}
        <span class="grow"></span>
        <button
          class="icon"
          aria-label=${this.t("zones.undo")}
          title=${this.t("zones.undo")}
          ?disabled=${!this.history?.canUndo}
          @click=${()=>this.step(!0)}
        >
          <cg-icon .path=${A2}></cg-icon>
        </button>
        <button
          class="icon"
          aria-label=${this.t("zones.redo")}
          title=${this.t("zones.redo")}
          ?disabled=${!this.history?.canRedo}
          @click=${()=>this.step(!1)}
        >
          <cg-icon .path=${a2}></cg-icon>
        </button>
      </div>
      ${this.seenTrouble?w(this.app,this.seenTrouble):""}
      ${this.seen?t`<cg-zone-canvas
              .app=${this.app}
              .picture=${`data:image/jpeg;base64,${this.seen.image}`}
              .width=${this.seen.width}
              .height=${this.seen.height}
              .zones=${C.areas}
              .chosen=${this.chosen}
              .tool=${this.tool}
              .view=${this.view}
              .most=${this.known?.max_points??0}
              @points=${e=>this.move(e.detail)}
              @drawn=${e=>this.add(e.detail)}
              @choose=${e=>this.chosen=e.detail}
              @view=${e=>this.view=e.detail}
            ></cg-zone-canvas>`:this.seenTrouble?"":t`<div class="waiting">${E(this.app)}</div>`}
      <p role="status" aria-live="off">${this.found()}</p>
      <div class="legend secondary">
        <span><i class="changed"></i>${this.t("motion.legend_changed")}</span>
        <span><i class="counts"></i>${this.t("motion.legend_counts")}</span>
        <span><i class="low"></i>${this.t("motion.legend_low")}</span>
      </div>`}found(){let C=this.seen;if(!C)return"";let H=this.app.format.percent(C.tallest/100);return C.things>0?this.t("motion.seen",{count:C.things,height:H}):C.tallest>0?this.t("motion.seen_low",{height:H}):this.t("motion.seen_none")}controls(C){return t`<label class="check">
        <input
          type="checkbox"
          .checked=${C.enabled}
          @change=${H=>this.change({enabled:H.target.checked})}
        />
        <span>${this.t("motion.enabled")}</span>
      </label>
      <label class="check">
        <input
          type="checkbox"
          .checked=${C.triggers}
          ?disabled=${!C.enabled}
          @change=${H=>this.change({triggers:H.target.checked})}
        />
        <span>${this.t("motion.triggers")}</span>
      </label>
      ${this.known?.mode==="continuous"?t`<p class="secondary">${this.t("motion.adaptive")}</p>`:""}
      ${this.slider("sensitivity",C.sensitivity,0,100,5,H=>this.change({sensitivity:H},"s"))}
      ${this.slider("least_height",C.least,1,50,1,H=>this.change({least:H},"h"))}
      <h3>${this.t("motion.areas")}</h3>
      <p class="secondary">${this.t("motion.areas_hint")}</p>
      <ul>
        ${C.areas.map((H,V)=>t`<li ?data-chosen=${V===this.chosen}>
            <button class="icon" aria-label=${this.t("zones.choose",{zone:H.name})} @click=${()=>this.chosen=V}>
              <cg-icon .path=${P1}></cg-icon>
            </button>
            <span class="grow">${H.name}</span>
            <button
              class="icon"
              aria-label=${this.t("zones.delete",{zone:H.name})}
              @click=${()=>this.change({areas:C.areas.filter((e,r)=>r!==V)})}
            >
              <cg-icon .path=${C1}></cg-icon>
            </button>
          </li>`)}
      </ul>`}slider(C,H,V,e,r,o){return t`<label class="slider">
      <div><span>${this.t(`motion.${C}`)}</span><span>${this.app.format.percent(H/100)}</span></div>
      <input
        type="range"
        min=${V}
        max=${e}
        step=${r}
        .value=${String(H)}
        @input=${A=>o(Number(A.target.value))}
      />
      <span class="secondary">${this.t(`motion.${C}_hint`)}</span>
    </label>`}add(C){let H=this.settings?.areas??[],V=this.t("motion.area_name",{number:H.length+1});this.change({areas:[...H,{name:V,points:C}]}),this.canvas?.cancelDraft(),this.tool="edit",this.chosen=H.length}move({points:C,gesture:H}){let V=this.settings?.areas??[];this.change({areas:V.map((e,r)=>r===this.chosen?{...e,points:C}:e)},H)}};i([p()],K.prototype,"cameraId",2),i([a()],K.prototype,"known",2),i([a()],K.prototype,"trouble",2),i([a()],K.prototype,"seen",2),i([a()],K.prototype,"seenTrouble",2),i([a()],K.prototype,"chosen",2),i([a()],K.prototype,"tool",2),i([a()],K.prototype,"view",2),i([a()],K.prototype,"saving",2),i([N("cg-zone-canvas")],K.prototype,"canvas",2);c("cg-motion",K);var B1=class extends G{constructor(){super(...arguments);this.heading="";this.open=!1;this.busy=!1}static{this.styles=[u,x`
      dialog {
        border: 0;
        padding: 0;
        border-radius: var(--ha-dialog-border-radius, 24px);
        width: min(560px, calc(100vw - 32px));
        max-height: calc(100dvh - 32px);
        background: var(--ha-dialog-surface-background, var(--card-background-color, #fff));
        color: var(--primary-text-color);
        box-shadow: 0 8px 32px rgb(0 0 0 / 35%);
      }
      dialog[open] {
        display: flex;
        flex-direction: column;
      }
      dialog::backdrop {
        background: rgb(0 0 0 / 50%);
      }
      header {
        padding: 24px 24px 8px;
      }
      .content {
        padding: 8px 24px;
        overflow: auto;
      }
      footer {
        padding: 16px 24px 20px;
        display: flex;
        flex-wrap: wrap;
        gap: 8px;
        justify-content: flex-end;
      }
      @media (max-width: 450px) {
        dialog {
          width: 100vw;
          max-width: 100vw;
          margin: auto 0 0;
          border-radius: 24px 24px 0 0;
          max-height: calc(100dvh - 24px);
        }
      }
    `]}updated(){this.open&&!this.dialog.open&&this.dialog.showModal(),!this.open&&this.dialog.open&&this.dialog.close()}render(){return t`<dialog
      aria-labelledby="heading"
      @cancel=${C=>{C.preventDefault(),this.leave()}}
      @click=${C=>{C.target===this.dialog&&this.leave()}}
    >
      <header><h2 id="heading">${this.heading}</h2></header>
      <div class="content"><slot></slot></div>
      <footer><slot name="actions"></slot></footer>
    </dialog>`}leave(){this.busy||this.dispatchEvent(new CustomEvent("closed"))}};i([p()],B1.prototype,"heading",2),i([p({type:Boolean})],B1.prototype,"open",2),i([p({type:Boolean})],B1.prototype,"busy",2),i([N("dialog")],B1.prototype,"dialog",2);c("cg-dialog",B1);var q=class extends Z{constructor(){super(...arguments);this.cameraId="";this.known=null;this.trouble=null;this.drawn=null;this.asking=!1;this.stated=!1;this.saving=!1;this.saveTrouble=null;this.theirs=null;this.lastTarget={}}static{this.styles=[u,x`
      .top {
        display: flex;
        align-items: center;
        gap: 8px;
        flex-wrap: wrap;
        margin-bottom: 12px;
      }
    `]}get target(){return{camera_id:this.cameraId}}willUpdate(C){C.has("cameraId")&&this.load()}async load(){this.trouble=null;try{this.known=await this.app.client.call("zones/get",this.target,V5)}catch(C){this.trouble=C}}render(){if(this.trouble)return t`<div class="page">${w(this.app,this.trouble,()=>{this.load()})}</div>`;if(!this.known)return E(this.app);let C=this.app.news.cameras.find(r=>r.camera_id===this.cameraId),H=this.app.hass().states,V=C?.entity_id?H[C.entity_id]?.attributes.entity_picture:"",e=C?this.app.texts.fault(C.reason,C.detail):null;return t`<div class="page">
      <div class="top">
        <button class="icon" aria-label=${this.t("common.back")} @click=${()=>O(h("cameras"))}>
          <cg-icon .path=${n1}></cg-icon>
        </button>
        <h2 class="grow">${this.t("zones.title",{camera:this.known.name})}</h2>
        <button
          class="filled"
          ?disabled=${!this.drawn?.fit||!(this.drawn.changed||C?.reason==="camera_moved")}
          @click=${()=>{this.stated=!1,this.saveTrouble=null,this.asking=!0}}
        >
          ${this.t("common.save")}
        </button>
      </div>
      ${e?b(F,e,"warning"):""}
      <cg-zone-editor
        .app=${this.app}
        .target=${this.editorTarget}
        .initial=${this.zonesOf(this.known)}
        .mostPoints=${this.known.max_points}
        .mostZones=${this.known.max_zones}
        .still=${typeof V=="string"?V:""}
        @change=${r=>this.drawn=r.detail}
      ></cg-zone-editor>
      ${this.saveDialog()}${this.conflictDialog()}
    </div>`}get editorTarget(){return this.lastTarget.camera_id!==this.cameraId&&(this.lastTarget=this.target),this.lastTarget}zonesOf(C){return C.zones.map(H=>({name:H.name,points:B2(H.points)}))}saveDialog(){let C=this.editor?.seen;return t`<cg-dialog
      .open=${this.asking}
      .busy=${this.saving}
      .heading=${this.t("zones.save_title")}
      @closed=${()=>this.asking=!1}
    >
      ${C?t`<img style="width:100%;border-radius:8px" src="data:image/jpeg;base64,${C.image}" alt=${this.t("zones.preview")} />`:""}
      <label class="check">
        <input
          type="checkbox"
          .checked=${this.stated}
          @change=${H=>this.stated=H.target.checked}
        />
        <span>${this.t("zones.statement")}</span>
      </label>
      <p class="secondary">${this.t("zones.save_noted")}</p>
      ${this.saving?t`<progress aria-label=${this.t("common.saving")}></progress>`:""}
      ${this.saveTrouble?w(this.app,this.saveTrouble):""}
      <button slot="actions" ?disabled=${this.saving} @click=${()=>this.asking=!1}>
        ${this.t("common.cancel")}
      </button>
      <button slot="actions" class="filled" ?disabled=${!this.stated||this.saving} @click=${()=>{this.save()}}>
        ${this.t("common.save")}
      </button>
    </cg-dialog>`}conflictDialog(){let C=this.theirs;return t`<cg-dialog
      .open=${C!==null}
      .heading=${this.t("zones.conflict_title")}
      @closed=${()=>this.theirs=null}
    >
      <p>${this.t("zones.conflict")}</p>
      <button
        slot="actions"
        @click=${()=>{C&&this.editor.replace(this.zonesOf(C)),C&&(this.known=C),this.theirs=null}}
      >
        ${this.t("zones.take_theirs")}
      </button>
      <button
        slot="actions"
        class="filled"
        @click=${()=>{this.known=C,this.theirs=null,this.stated=!1,this.asking=!0}}
      >
        ${this.t("zones.keep_mine")}
      </button>
    </cg-dialog>`}async save(){if(!(!this.drawn||!this.known)){this.saving=!0,this.saveTrouble=null;try{await this.app.client.call("zones/save",{...this.target,zones:$1(this.drawn.zones),revision:this.known.revision,statement:this.stated,...this.drawn.reference?{reference:this.drawn.reference}:{}},a3),F2(JSON.stringify(this.lastTarget)),this.app.toast(this.t("zones.saved")),O(h("cameras"))}catch(C){z(C).key==="zones_changed_meanwhile"?(this.asking=!1,this.theirs=await this.app.client.call("zones/get",this.target,V5)):this.saveTrouble=C}this.saving=!1}}};i([p()],q.prototype,"cameraId",2),i([a()],q.prototype,"known",2),i([a()],q.prototype,"trouble",2),i([a()],q.prototype,"drawn",2),i([a()],q.prototype,"asking",2),i([a()],q.prototype,"stated",2),i([a()],q.prototype,"saving",2),i([a()],q.prototype,"saveTrouble",2),i([a()],q.prototype,"theirs",2),i([N("cg-zone-editor")],q.prototype,"editor",2);c("cg-zones",q);function $3(M,L,C,H){let[V,e]=[Math.max(M,C),Math.min(L??H,H)];return e<=C||V>=H||e<V?null:{left:(V-C)/(H-C),width:(e-V)/(H-C)}}function W1(M,L){let C=new Intl.DateTimeFormat("en-US",{timeZone:M,hourCycle:"h23",year:"numeric",month:"numeric",day:"numeric",hour:"numeric",minute:"numeric",second:"numeric"}).formatToParts(new Date(L*1e3)),H=e=>Number(C.find(r=>r.type===e)?.value);return Date.UTC(H("year"),H("month")-1,H("day"),H("hour"),H("minute"),H("second"))/1e3-Math.floor(L)}function j(M,L){let C=Date.parse(`${M}T00:00:00Z`)/1e3,H=C-W1(L,C);return C-W1(L,H)}function l1(M,L){return new Date((M+W1(L,M))*1e3).toISOString().slice(0,10)}function e1(M,L){return new Date(Date.parse(`${M}T00:00:00Z`)+L*864e5).toISOString().slice(0,10)}function T1(M,L){return new Date((M+W1(L,M))*1e3).toISOString().slice(0,19)}function b5(M,L){let C=Date.parse(`${M.length===16?`${M}:00`:M}Z`)/1e3;return C-W1(L,C-W1(L,C))}var k0=30,P0=v({certificate_link:n}),r1=class extends Z{constructor(){super(...arguments);this.clips=[];this.act=null;this.reason="";this.until="";this.sure=!1;this.busy=!1;this.trouble=null}static{this.styles=[u,x`
      :host {
        display: flex;
        flex-wrap: wrap;
        gap: 4px;
      }
    `]}render(){if(!d1(this.app))return"";let C=this.clips.length===0,H=this.clips.filter(V=>V.hold).length;return t`<button ?disabled=${C} @click=${()=>this.begin("hold")}>
        <cg-icon .path=${H1}></cg-icon>${this.t(H&&H===this.clips.length?"clips.change_hold":"clips.hold")}
      </button>
      <button ?disabled=${H===0||H<this.clips.length} @click=${()=>this.begin("release")}>
        <cg-icon .path=${o5}></cg-icon>${this.t("clips.release")}
      </button>
      <button
        ?disabled=${C}
        @click=${()=>O(h("disclose","","",{clips:this.clips.map(V=>V.clip_id).join(",")}))}
      >
        <cg-icon .path=${r2}></cg-icon>${this.t("clips.disclose")}
      </button>
      <button ?disabled=${C} @click=${()=>this.begin("erase")}>
        <cg-icon .path=${C1}></cg-icon>${this.t("clips.erase")}
      </button>
      ${this.dialog()}`}begin(C){this.act=C,this.reason=C==="hold"?this.clips[0]?.hold?.reason??"":"",this.until=e1(l1(Date.now()/1e3,this.app.zone),k0),this.sure=!1,this.trouble=null}dialog(){let C=this.act??"hold",H=this.clips.length,V=this.clips.filter(e=>e.hold).length;return t`<cg-dialog
      .open=${this.act!==null}
      .busy=${this.busy}
      .heading=${this.t(`clips.${C}_title`,{count:H})}
      @closed=${()=>this.act=null}
    >
      <p>${this.t(`clips.${C}_hint`,{count:H})}</p>
      ${C==="erase"&&V?b(H1,this.t("clips.erase_held",{count:V}),"warning"):""}
      <label class="field"
        >${this.t("clips.reason")}
        <textarea
          rows="2"
          maxlength="500"
          .value=${this.reason}
          @input=${e=>this.reason=e.target.value}
        ></textarea>
      </label>
      ${C==="hold"?t`<label class="field" style="margin-top:12px"
              >${this.t("clips.until")}
              <input
                type="date"
                .value=${this.until}
                min=${e1(l1(Date.now()/1e3,this.app.zone),1)}
                @input=${e=>this.until=e.target.value}
              />
            </label>`:""}
      ${C==="erase"?t`<label class="check">
              <input
                type="checkbox"
                .checked=${this.sure}
                @change=${e=>this.sure=e.target.checked}
              />
              <span>${this.t("clips.erase_sure")}</span>
            </label>`:""}
      <p class="secondary" style="margin-top:12px">${this.t(`clips.${C}_noted`)}</p>
      ${this.busy?t`<progress aria-label=${this.t("common.saving")}></progress>`:""}
      ${this.trouble?w(this.app,this.trouble):""}
      <button slot="actions" ?disabled=${this.busy} @click=${()=>this.act=null}>${this.t("common.cancel")}</button>
      <button
        slot="actions"
        class=${C==="erase"?"danger":"filled"}
        ?disabled=${this.busy||!this.reason.trim()||C==="hold"&&!this.until||C==="erase"&&(!this.sure||V===H)}
        @click=${()=>{this.carryOut(C)}}
      >
        ${this.t(`clips.${C}`)}
      </button>
    </cg-dialog>`}async carryOut(C){this.busy=!0,this.trouble=null;let H=this.clips.map(V=>V.clip_id);try{if(C==="erase")await this.app.client.act("wipe_media",{scope:"clips",clip_ids:H,reason:this.reason,include_held:!1,confirm:!0},P0);else{let V=C==="hold"?{until:this.until}:{};await this.app.client.act(C,{clip_ids:H,reason:this.reason,...V},C2)}this.act=null,this.app.toast(this.t(`clips.${C}_done`,{count:H.length})),this.emit("done",C)}catch(V){this.trouble=V}this.busy=!1}};i([p({attribute:!1})],r1.prototype,"clips",2),i([a()],r1.prototype,"act",2),i([a()],r1.prototype,"reason",2),i([a()],r1.prototype,"until",2),i([a()],r1.prototype,"sure",2),i([a()],r1.prototype,"busy",2),i([a()],r1.prototype,"trouble",2);c("cg-clip-actions",r1);var B3={ATTRIBUTE:1,CHILD:2,PROPERTY:3,BOOLEAN_ATTRIBUTE:4,EVENT:5,ELEMENT:6},T3=M=>(...L)=>({_$litDirective$:M,values:L}),E2=class{constructor(L){}get _$AU(){return this._$AM._$AU}_$AT(L,C,H){this._$Ct=L,this._$AM=C,this._$Ci=H}_$AS(L,C){return this.update(L,C)}update(L,C){return this.render(...C)}};var{I:$0}=Y5,R3=M=>M;var F3=()=>document.createComment(""),U1=(M,L,C)=>{let H=M._$AA.parentNode,V=L===void 0?M._$AB:L._$AA;if(C===void 0){let e=H.insertBefore(F3(),V),r=H.insertBefore(F3(),V);C=new $0(e,r,M,M.options)}else{let e=C._$AB.nextSibling,r=C._$AM,o=r!==M;if(o){let A;C._$AQ?.(M),C._$AM=M,C._$AP!==void 0&&(A=M._$AU)!==r._$AU&&C._$AP(A)}if(e!==V||o){let A=C._$AA;for(;A!==e;){let l=R3(A).nextSibling;R3(H).insertBefore(A,V),A=l}}}return C},c1=(M,L,C=M)=>(M._$AI(L,C),M),B0={},E3=(M,L=B0)=>M._$AH=L,D3=M=>M._$AH,D2=M=>{M._$AR(),M._$AA.remove()};var _3=(M,L,C)=>{let H=new Map;for(let V=L;V<=C;V++)H.set(M[V],V);return H},w5=T3(class extends E2{constructor(M){if(super(M),M.type!==B3.CHILD)throw Error("repeat() can only be used in text expressions")}dt(M,L,C){let H;C===void 0?C=L:L!==void 0&&(H=L);let V=[],e=[],r=0;for(let o of M)V[r]=H?H(o,r):r,e[r]=C(o,r),r++;return{values:e,keys:V}}render(M,L,C){return this.dt(M,L,C).values}update(M,[L,C,H]){let V=D3(M),{values:e,keys:r}=this.dt(L,C,H);if(!Array.isArray(V))return this.ut=r,e;let o=this.ut??=[],A=[],l,f,m=0,g=V.length-1,y=0,B=e.length-1;for(;m<=g&&y<=B;)if(V[m]===null)m++;else if(V[g]===null)g--;else if(o[m]===r[y])A[y]=c1(V[m],e[y]),m++,y++;else if(o[g]===r[B])A[B]=c1(V[g],e[B]),g--,B--;else if(o[m]===r[B])A[B]=c1(V[m],e[B]),U1(M,A[B+1],V[m]),m++,B--;else if(o[g]===r[y])A[y]=c1(V[g],e[y]),U1(M,V[m],V[g]),g--,y++;else if(l===void 0&&(l=_3(r,y,B),f=_3(o,m,g)),l.has(o[m]))if(l.has(o[g])){let i1=f.get(r[y]),I2=i1!==void 0?V[i1]:null;if(I2===null){let T5=U1(M,V[m]);c1(T5,e[y]),A[y]=T5}else A[y]=c1(I2,e[y]),U1(M,V[m],I2),V[i1]=null;y++}else D2(V[g]),g--;else D2(V[m]),m++;for(;y<=B;){let i1=U1(M,A[B+1]);c1(i1,e[y]),A[y++]=i1}for(;m<=g;){let i1=V[m++];i1!==null&&D2(i1)}return this.ut=r,E3(M,A),A1}});function k5(M,L){let[C,H]=[0,0];return M.map(V=>{let e=L.header+Math.ceil(V.clips/L.columns)*L.row,r={day:V,first:C,top:H,height:e};return C+=V.clips,H+=e,r})}function N3(M){let L=M.at(-1);return L?L.top+L.height:0}function P5(M,L,C){return M.filter(H=>H.top<C&&H.top+H.height>L)}function $5(M,L,C,H){let V=M.top+L.header,e=Math.max(Math.floor((C-V)/L.row),0),r=Math.min(Math.ceil((H-V)/L.row),Math.ceil(M.day.clips/L.columns)),o=[];for(let A=e;A<r;A++)for(let l=0;l<L.columns;l++){let f=A*L.columns+l;f<M.day.clips&&o.push({index:M.first+f,top:V+A*L.row,column:l})}return o}function z3(M,L,C){return[...new Set(M.map(V=>Math.floor(V/L)))].filter(V=>!C(V)).sort((V,e)=>V-e)}var n2=60,T0=220,_2=600,R0=8*6e4,m1=class extends Z{constructor(){super(...arguments);this.days=[];this.filter={};this.choosing=!1;this.chosen=new Map;this.seen={top:0,height:800,width:1e3};this.pages=new Map;this.fetching=new Set;this.scroller=null;this.frame=0;this.offset=0;this.sized=new ResizeObserver(()=>this.settle());this.onScroll=()=>{this.frame||(this.frame=requestAnimationFrame(()=>{this.frame=0,this.measure()}))}}static{this.styles=[u,x`
      .shelf {
        position: relative;
        contain: layout style;
      }
      .day {
        position: absolute;
        left: 0;
        right: 0;
        height: 48px;
        display: flex;
        align-items: end;
        padding-bottom: 8px;
        justify-content: space-between;
      }
      .tile {
        contain: strict;
        position: absolute;
        padding: 4px;
      }
      .tile > a {
        display: block;
        text-decoration: none;
        color: inherit;
        border-radius: 12px;
        overflow: hidden;
        background: var(--card-background-color);
        border: 1px solid var(--divider-color);
        height: 100%;
      }
      .tile img,
      .tile .blank {
        display: block;
        width: 100%;
        aspect-ratio: 16 / 9;
        object-fit: cover;
        background: #1a1a1a;
      }
      .tile .words {
        padding: 6px 10px;
        font-size: 12px;
        white-space: nowrap;
        overflow: hidden;
      }
      .tile .words div {
        overflow: hidden;
        text-overflow: ellipsis;
      }
      .tile .first {
        font-size: 14px;
        font-weight: 500;
        display: flex;
        align-items: center;
        gap: 4px;
      }
      .tile .first cg-icon {
        --cg-icon-size: 16px;
      }
      .tile input {
        position: absolute;
        top: 12px;
        left: 12px;
        width: 28px;
        height: 28px;
      }
    `]}connectedCallback(){super.connectedCallback(),this.updateComplete.then(()=>{this.scroller=this.closestScroller(),this.scroller?.addEventListener("scroll",this.onScroll,{passive:!0}),this.scroller&&this.sized.observe(this.scroller),this.parentElement&&this.sized.observe(this.parentElement)})}disconnectedCallback(){super.disconnectedCallback(),this.scroller?.removeEventListener("scroll",this.onScroll),this.sized.disconnect()}willUpdate(C){(C.has("filter")||C.has("days"))&&(this.pages=new Map,this.fetching=new Set)}render(){let C=k5(this.days,this.sizes);return t`<div class="shelf" style="height:${N3(C)}px">${this.visible(C)}</div>`}async fetchPage(C){let H=this.pages,V=this.fetching;V.add(C);try{let{clips:e}=await this.app.client.call("clips/list",{...this.filter,limit:n2,offset:C*n2},L3);if(H!==this.pages)return;H.set(C,{at:Date.now(),clips:e}),this.requestUpdate()}catch(e){H===this.pages&&this.app.toast(e)}finally{V.delete(C)}}closestScroller(){let C=this.getRootNode();for(;C instanceof ShadowRoot;){let H=C.querySelector("main");if(H)return H;C=C.host.getRootNode()}return null}measure(){if(!this.scroller)return;let{top:C,height:H,width:V}=this.seen,e=this.scroller.scrollTop-this.offset;e!==C&&(this.seen={top:e,height:H,width:V})}settle(){if(!this.scroller||!this.shelf)return;let[C,H]=[this.scroller.getBoundingClientRect(),this.shelf.getBoundingClientRect()];this.offset=H.top-C.top+this.scroller.scrollTop,this.seen={top:C.top-H.top,height:C.height,width:H.width}}get sizes(){let C=Math.max(Math.floor(this.seen.width/T0),2),H=this.seen.width/C;return{columns:C,row:Math.round((H-10)*(9/16)+66),header:48}}updated(){let C=this.shownIndices(k5(this.days,this.sizes));for(let H of z3(C,n2,V=>this.isFresh(V)||this.fetching.has(V)))this.fetchPage(H)}isFresh(C){let H=this.pages.get(C);return H!==void 0&&Date.now()-H.at<R0}shownIndices(C){let[H,V]=[this.seen.top-_2,this.seen.top+this.seen.height+_2];return P5(C,H,V).flatMap(e=>$5(e,this.sizes,H,V).map(r=>r.index))}visible(C){let[H,V]=[this.seen.top-_2,this.seen.top+this.seen.height+_2],e=this.sizes;return w5(P5(C,H,V),r=>r.day.start,r=>t`<div class="day" style="top:${r.top}px">
            <h3>${this.app.format.day(r.day.start+43200)}</h3>
            <span class="secondary">${r.day.clips}</span>
          </div>
          ${w5($5(r,e,H,V),o=>o.index,o=>{let A=this.pages.get(Math.floor(o.index/n2))?.clips[o.index%n2],l=100/e.columns,f=`top:${o.top}px;left:${o.column*l}%;width:${l}%;height:${e.row}px`;return t`<div class="tile" style=${f}>${A?this.tile(A):t`<a><div class="blank"></div></a>`}</div>`})}`)}tile(C){let{format:H}=this.app,V=h("clips",C.clip_id),e=this.app.cameraName(C.camera_id),r=this.chosen.has(C.clip_id),o=`${e}, ${H.moment(C.start)}`;return t`<a
        href=${V}
        aria-label=${o}
        @click=${A=>{A.ctrlKey||A.metaKey||(A.preventDefault(),this.choosing?this.emit("choose",{clip:C,on:!r}):O(V))}}
      >
        <img src=${C.thumbnail} alt="" loading="lazy" decoding="async" />
        <div class="words">
          <div class="first">
            ${H.time(C.start,!0)} · ${H.length(C.end-C.start)}
            ${C.hold?t`<cg-icon .path=${H1}></cg-icon><span class="visually-hidden">${this.t("clips.is_held")}</span>`:""}
          </div>
          <div class="secondary">${e} · ${this.triggerOf(C)}</div>
        </div>
      </a>
      ${this.choosing?t`<input
              type="checkbox"
              aria-label=${o}
              .checked=${r}
              @change=${A=>this.emit("choose",{clip:C,on:A.target.checked})}
            />`:""}`}triggerOf(C){let H=C.trigger.entity_id,V=H?this.app.hass().states[H]?.attributes.friendly_name:null;return C.trigger.reason??(typeof V=="string"?V:H??this.t(`clips.kind_${C.trigger.kind}`))}};i([p({attribute:!1})],m1.prototype,"days",2),i([p({attribute:!1})],m1.prototype,"filter",2),i([p({type:Boolean})],m1.prototype,"choosing",2),i([p({attribute:!1})],m1.prototype,"chosen",2),i([a()],m1.prototype,"seen",2),i([N(".shelf")],m1.prototype,"shelf",2);c("cg-shelf",m1);var F0=[0,6,12,18,24],s1=class extends Z{constructor(){super(...arguments);this.day=null;this.from=0;this.to=0;this.cameras=[];this.marked=null;this.told=""}static{this.styles=[u,x`
      :host {
        display: block;
      }
      .track {
        display: grid;
        grid-template-columns: minmax(72px, 140px) 1fr;
        gap: 8px;
        align-items: center;
      }
      .name {
        font-size: 12px;
        overflow: hidden;
        text-overflow: ellipsis;
        white-space: nowrap;
      }
      .bar {
        position: relative;
        height: 36px;
        margin: 2px 0;
        border-radius: 6px;
        background: var(--secondary-background-color);
        overflow: hidden;
      }
      .bar button {
        position: absolute;
        top: 0;
        bottom: 0;
        min-height: 0;
        min-width: 4px;
        padding: 0;
        border-radius: 2px;
      }
      .clip {
        background: var(--primary-color);
      }
      .clip.held {
        background: var(--warning-color, #ffa600);
      }
      .gap {
        background: repeating-linear-gradient(
          45deg,
          var(--error-color, #db4437) 0 3px,
          transparent 3px 7px
        );
      }
      .mark {
        position: absolute;
        top: 0;
        bottom: 0;
        background: color-mix(in srgb, var(--primary-text-color) 18%, transparent);
        border-inline: 2px solid var(--primary-text-color);
        pointer-events: none;
      }
      .hours {
        position: relative;
        height: 18px;
        font-size: 11px;
        color: var(--secondary-text-color);
      }
      .hours span {
        position: absolute;
        transform: translateX(-50%);
      }
      .hours span:first-child {
        transform: none;
      }
      .hours span:last-child {
        transform: translateX(-100%);
      }
      .legend {
        display: flex;
        gap: 16px;
        flex-wrap: wrap;
        font-size: 12px;
        color: var(--secondary-text-color);
        min-height: 20px;
      }
      .legend i {
        display: inline-block;
        width: 12px;
        height: 12px;
        border-radius: 2px;
        margin-inline-end: 4px;
        vertical-align: -1px;
      }
    `]}render(){let C=this.day;return t`<div aria-busy=${C?"false":"true"}>
      ${this.cameras.map(H=>t`<div class="track">
          <span class="name" title=${H.name}>${H.name}</span>
          <div class="bar" role="group" aria-label=${H.name}>
            ${C?.gaps.filter(V=>V.camera_id===H.id).map(V=>this.gap(V))}
            ${C?.clips.filter(V=>V.camera_id===H.id).map(V=>this.clip(V))}
            ${this.mark()}
          </div>
        </div>`)}
      <div class="track">
        <span></span>
        <div class="hours" aria-hidden="true">
          ${F0.map(H=>t`<span style="left:${H/24*100}%">${H}</span>`)}
        </div>
      </div>
      <div class="legend" role="status">
        ${this.told?t`<span>${this.told}</span>`:t`<span><i class="clip"></i>${this.t("timeline.recorded")}</span>
                <span><i class="clip held"></i>${this.t("timeline.held")}</span>
                <span><i class="gap"></i>${this.t("timeline.gap")}</span>
                ${C&&C.shown<C.total?t`<span>${this.t("timeline.more",{count:C.total-C.shown})}</span>`:""}`}
      </div>
    </div>`}placed(C,H){let V=$3(C,H,this.from,this.to);return V&&`left:${(V.left*100).toFixed(3)}%;width:${(V.width*100).toFixed(3)}%`}clip(C){let H=this.placed(C.start,C.end);if(!H)return"";let{format:V}=this.app,e=this.t(C.held?"timeline.held_clip":"timeline.clip",{start:V.time(C.start,!0),end:V.time(C.end,!0),expires:C.expires===null?"":V.shortDay(C.expires)});return t`<button
      class="clip ${C.held?"held":""}"
      style=${H}
      aria-label=${e}
      @focus=${()=>this.told=e}
      @blur=${()=>this.told=""}
      @pointerenter=${()=>this.told=e}
      @pointerleave=${()=>this.told=""}
      @click=${()=>this.emit("clip",C)}
    ></button>`}gap(C){let H=this.placed(C.start,C.end??Math.min(Date.now()/1e3,this.to));if(!H)return"";let{format:V,texts:e}=this.app,r=this.t("timeline.gap_told",{start:V.time(C.start,!0),end:C.end===null?"…":V.time(C.end,!0),cause:e.fault(C.cause,{camera:this.app.cameraName(C.camera_id)})??this.causeOf(C.cause)});return t`<button
      class="gap"
      style=${H}
      aria-label=${r}
      @focus=${()=>this.told=r}
      @click=${()=>this.told=r}
      @pointerenter=${()=>this.told=r}
    ></button>`}causeOf(C){return this.app.texts.has(`timeline.cause_${C}`)?this.t(`timeline.cause_${C}`):C}mark(){if(!this.marked)return"";let C=this.placed(...this.marked);return C?t`<div class="mark" style=${C}></div>`:""}};i([p({attribute:!1})],s1.prototype,"day",2),i([p({type:Number})],s1.prototype,"from",2),i([p({type:Number})],s1.prototype,"to",2),i([p({attribute:!1})],s1.prototype,"cameras",2),i([p({attribute:!1})],s1.prototype,"marked",2),i([a()],s1.prototype,"told",2);c("cg-timeline",s1);var E0=["entity","action","continuous"],X=class extends Z{constructor(){super(...arguments);this.days=null;this.trouble=null;this.cameras=[];this.kind="";this.held=!1;this.date="";this.day=null;this.choosing=!1;this.chosen=new Map;this.loadId=0;this.clipsSeen=-1;this.asked={}}static{this.styles=[u,x`
      .filters {
        display: flex;
        gap: 8px;
        flex-wrap: wrap;
        margin-bottom: 12px;
        align-items: center;
      }
      .filters select {
        width: auto;
        max-width: 220px;
      }
      .bar {
        position: sticky;
        bottom: 0;
        z-index: 2;
        background: var(--card-background-color);
        border-top: 1px solid var(--divider-color);
        padding: 8px 16px;
        display: flex;
        gap: 8px;
        align-items: center;
        flex-wrap: wrap;
      }
      .timeline {
        padding: 12px 16px;
      }
      .dayline {
        display: flex;
        align-items: center;
        gap: 4px;
        flex-wrap: wrap;
        margin-bottom: 8px;
      }
      .dayline input {
        width: auto;
      }
      @media (max-width: 600px) {
        .dayline h3 {
          flex-basis: 100%;
        }
      }
    `]}willUpdate(C){if(C.has("route")&&!C.get("route")){this.held=this.route.query.get("held")==="1";let H=this.route.query.get("camera");H&&(this.cameras=[H]),this.date=this.route.query.get("day")??""}this.app.news.clips!==this.clipsSeen&&(this.clipsSeen=this.app.news.clips,this.load())}get filter(){let C=this.app.zone;return{...this.cameras.length?{camera_ids:this.cameras}:{},...this.kind?{kinds:[this.kind]}:{},...this.held?{held:!0}:{},...this.date?{start:j(this.date,C),end:j(e1(this.date,1),C)}:{}}}async load(){let C=++this.loadId;try{let H=this.filter,{days:V}=await this.app.client.call("clips/days",H,M3);if(C!==this.loadId)return;this.asked=H,this.days=V,this.trouble=null,await this.loadTimeline(C)}catch(H){C===this.loadId&&(this.trouble=H)}}async loadTimeline(C=this.loadId){let H=await this.app.client.call("timeline",{start:this.dayStart,end:this.dayEnd},g2);C===this.loadId&&(this.day=H)}get shownDate(){let C=this.days?.[0]?.start;return this.date||l1(C??Date.now()/1e3,this.app.zone)}get dayStart(){return j(this.shownDate,this.app.zone)}get dayEnd(){return j(e1(this.shownDate,1),this.app.zone)}render(){return t`<div class="page">
        ${this.filters()}
        ${this.trouble?w(this.app,this.trouble,()=>{this.load()}):""}
        ${this.days?this.content(this.days):this.trouble?"":E(this.app)}
      </div>
      ${this.choosing?this.selectionBar():""}`}get allCameras(){let C=this.app.news.cameras.map(e=>({id:e.camera_id,name:e.name})),H=new Set(C.map(e=>e.id)),V=new Set((this.day?.clips??[]).map(e=>e.camera_id).filter(e=>!H.has(e)));return[...C,...[...V].map(e=>({id:e,name:this.app.cameraName(e)}))]}filters(){let C=this.app.news.cameras,H=()=>{this.load()};return t`<div class="filters" role="group" aria-label=${this.t("clips.filters")}>
      ${C.length>1?C.map(V=>{let e=this.cameras.includes(V.camera_id);return t`<button
                class="chip"
                aria-pressed=${e?"true":"false"}
                @click=${()=>{this.cameras=e?this.cameras.filter(r=>r!==V.camera_id):[...this.cameras,V.camera_id],H()}}
              >
                ${V.name}
              </button>`}):""}
      <select
        aria-label=${this.t("clips.trigger")}
        @change=${V=>{this.kind=V.target.value,H()}}
      >
        <option value="">${this.t("clips.any_trigger")}</option>
        ${E0.map(V=>t`<option value=${V} ?selected=${V===this.kind}>${this.t(`clips.kind_${V}`)}</option>`)}
      </select>
      <button
        class="chip"
        aria-pressed=${this.held?"true":"false"}
        @click=${()=>{this.held=!this.held,H()}}
      >
        ${this.t("clips.held_only")}
      </button>
      <span class="grow"></span>
      ${d1(this.app)?t`<button
              class="tonal"
              aria-pressed=${this.choosing?"true":"false"}
              @click=${()=>{this.choosing=!this.choosing,this.chosen=new Map}}
            >
              ${this.t("clips.select")}
            </button>`:""}
    </div>`}content(C){let H=C.reduce((r,o)=>r+o.clips,0),e=this.cameras.length>0||this.kind!==""||this.held||this.date!==""?Q(x1,this.t("clips.none_found"),t`<button class="tonal" @click=${()=>this.clear()}>${this.t("clips.clear")}</button>`):Q(x1,this.t("clips.none"),this.t("clips.none_hint"));return t`<section class="card timeline" aria-label=${this.t("timeline.title")}>
        <div class="dayline">
          <h3 class="grow">${this.app.format.day(this.dayStart+43200)}</h3>
          <button class="icon" aria-label=${this.t("timeline.earlier")} @click=${()=>this.goDay(-1)}>
            <cg-icon .path=${M5}></cg-icon>
          </button>
          <input
            type="date"
            aria-label=${this.t("timeline.day")}
            .value=${this.shownDate}
            @change=${r=>this.setDate(r.target.value)}
          />
          <button class="icon" aria-label=${this.t("timeline.later")} @click=${()=>this.goDay(1)}>
            <cg-icon .path=${V2}></cg-icon>
          </button>
          ${this.date?t`<button @click=${()=>this.setDate("")}>${this.t("clips.all_days")}</button>`:""}
        </div>
        <cg-timeline
          .app=${this.app}
          .day=${this.day}
          .from=${this.dayStart}
          .to=${this.dayEnd}
          .cameras=${this.allCameras}
          @clip=${r=>O(h("clips",r.detail.clip_id))}
        ></cg-timeline>
      </section>
      <p class="secondary" role="status" style="margin:12px 0 0">${this.t("clips.count",{count:H})}</p>
      ${H===0?e:""}
      <cg-shelf
        style="margin-top:16px"
        .app=${this.app}
        .days=${C}
        .filter=${this.asked}
        .choosing=${this.choosing}
        .chosen=${this.chosen}
        @choose=${r=>this.choose(r.detail.clip,r.detail.on)}
      ></cg-shelf>`}selectionBar(){return t`<div class="bar" role="region" aria-label=${this.t("clips.selected",{count:this.chosen.size})}>
      <strong>${this.t("clips.selected",{count:this.chosen.size})}</strong>
      <span class="grow"></span>
      <cg-clip-actions
        .app=${this.app}
        .clips=${[...this.chosen.values()]}
        @done=${()=>{this.chosen=new Map,this.choosing=!1}}
      ></cg-clip-actions>
    </div>`}choose(C,H){let V=new Map(this.chosen);H?V.set(C.clip_id,C):V.delete(C.clip_id),this.chosen=V}clear(){this.cameras=[],this.kind="",this.held=!1,this.setDate("")}goDay(C){this.setDate(e1(this.shownDate,C))}setDate(C){this.date=C,this.day=null,this.load()}};i([p({attribute:!1})],X.prototype,"route",2),i([a()],X.prototype,"days",2),i([a()],X.prototype,"trouble",2),i([a()],X.prototype,"cameras",2),i([a()],X.prototype,"kind",2),i([a()],X.prototype,"held",2),i([a()],X.prototype,"date",2),i([a()],X.prototype,"day",2),i([a()],X.prototype,"choosing",2),i([a()],X.prototype,"chosen",2);c("cg-clips",X);var D0=[.25,.5,1,2,4,8],L1=class extends Z{constructor(){super(...arguments);this.clipId="";this.clip=null;this.trouble=null;this.views=null;this.speed=1;this.broken="";this.clipsSeen=-1;this.resumeAt=0;this.renewed=!1;this.onReady=()=>{let C=this.video;C&&this.resumeAt&&(C.currentTime=Math.min(this.resumeAt,C.duration||this.resumeAt)),this.resumeAt=0,d1(this.app)&&this.loadViews()};this.onError=()=>{if(!(!this.clip||!this.video?.getAttribute("src"))){if(this.renewed){this.broken=this.t("player.broken");return}this.renewed=!0,this.resumeAt=this.video.currentTime,this.load()}}}static{this.styles=[u,x`
      video {
        width: 100%;
        max-height: 72vh;
        background: #000;
        display: block;
        border-radius: 12px 12px 0 0;
      }
      .layout {
        display: grid;
        grid-template-columns: minmax(0, 2fr) minmax(280px, 1fr);
        gap: 16px;
        align-items: start;
      }
      @media (max-width: 870px) {
        .layout {
          grid-template-columns: minmax(0, 1fr);
        }
      }
      .controls {
        display: flex;
        flex-wrap: wrap;
        align-items: center;
        gap: 4px;
        padding: 8px;
      }
      .controls select {
        width: auto;
        min-height: 40px;
        padding: 4px 8px;
      }
      .top {
        display: flex;
        gap: 8px;
        align-items: center;
        margin-bottom: 12px;
      }
      li {
        padding: 4px 0;
      }
      ul {
        margin: 0;
        padding-inline-start: 20px;
      }
    `]}willUpdate(C){C.has("clipId")?(this.clip=null,this.views=null,this.resumeAt=S3(this.route.query),this.clipsSeen=this.app.news.clips,this.load()):this.app.news.clips!==this.clipsSeen&&(this.clipsSeen=this.app.news.clips,this.look())}async load(){this.trouble=null,this.broken="";try{this.clip=(await this.app.client.call("clips/get",{clip_id:this.clipId},H5)).clip}catch(C){this.clip=null,this.trouble=C}}async look(){if(this.clip)try{let{clip:C}=await this.app.client.call("clips/get",{clip_id:this.clipId},H5);this.clip={...C,link:this.clip.link}}catch(C){if(!["clip_erased","clip_not_found"].includes(z(C).key))return;this.video?.pause(),this.video?.removeAttribute("src"),this.video?.load(),this.clip=null,this.trouble=C}}async loadViews(){let C=["viewed","held","released","disclosing"];try{let H=await this.app.client.call("ledger/list",{clip_id:this.clipId,events:C,limit:50},f2);this.views=H.entries}catch(H){this.app.toast(H)}}render(){if(this.trouble){let V=z(this.trouble).key;return t`<div class="page narrow-page">
        ${V==="clip_erased"||V==="clip_not_found"?Q(C1,this.app.texts.refusal(z(this.trouble)),t`<button class="tonal" @click=${()=>O(h("clips"))}>${this.t("clips.to_all")}</button>`):w(this.app,this.trouble,()=>{this.load()})}
      </div>`}let C=this.clip;if(!C)return E(this.app);let{format:H}=this.app;return t`<div class="page">
      <div class="top">
        <button class="icon" aria-label=${this.t("common.back")} @click=${()=>O(h("clips"))}>
          <cg-icon .path=${n1}></cg-icon>
        </button>
        <h2 class="grow">${C.camera_name} · ${H.moment(C.start)}</h2>
      </div>
      <div class="layout">
        <div class="card">
          <video
            controls
            playsinline
            preload="metadata"
            poster=${C.thumbnail}
            .src=${C.link}
            aria-label=${`${C.camera_name}, ${H.moment(C.start)}`}
            @loadedmetadata=${this.onReady}
            @playing=${()=>{this.broken="",this.renewed=!1}}
            @error=${this.onError}
            @ratechange=${V=>this.speed=V.target.playbackRate}
          ></video>
          ${this.broken?b(F,this.broken,"error"):""}
          ${this.controls(C)}
          ${d1(this.app)?t`<div class="card-actions"><cg-clip-actions .app=${this.app} .clips=${[C]} @done=${()=>{this.look()}}></cg-clip-actions></div>`:""}
        </div>
        <div class="stack">${this.facts(C)}${this.viewers()}</div>
      </div>
    </div>`}controls(C){let H=(V,e,r,o=!1)=>t`<button class="icon" title=${this.t(e)} aria-label=${this.t(e)} ?disabled=${o} @click=${r}>
        <cg-icon .path=${V}></cg-icon>
      </button>`;return t`<div class="controls" role="toolbar" aria-label=${this.t("player.controls")}>
      ${H(v5,"player.older",()=>this.goTo(C.older),!C.older)}
      ${H(x5,"player.frame_back",()=>this.step(-1))}
      ${H(c5,"player.frame",()=>this.step(1))}
      ${H(s5,"player.newer",()=>this.goTo(C.newer),!C.newer)}
      <span class="grow"></span>
      <select
        aria-label=${this.t("player.speed")}
        @change=${V=>{this.video&&(this.video.playbackRate=Number(V.target.value))}}
      >
        ${D0.map(V=>t`<option value=${V} ?selected=${V===this.speed}>×${V}</option>`)}
      </select>
      ${H(L5,"player.full",()=>this.full())}
    </div>`}facts(C){let{format:H}=this.app,V=C.trigger.entity_id,e=V?this.app.hass().states[V]?.attributes.friendly_name:null,r=[this.t(`clips.kind_${C.trigger.kind}`),typeof e=="string"?e:V,C.trigger.reason];return t`<div class="card"><div class="card-content">
        ${C.hold?b(H1,this.t("clips.held_until",{until:H.shortDay(C.hold.until),reason:C.hold.reason??""})):""}
        ${C.clock_error?b(L2,this.t("clips.clock_error",{seconds:H.number(C.clock_error)}),"warning"):""}
        ${C.adaptive?b(w1,this.t("clips.adaptive")):""}
        ${C.frame_rate_lowered?b(w1,this.t("clips.frame_rate_lowered")):""}
        ${C.recovered?b(w1,this.t("clips.recovered")):""}
        <dl style="margin-top:8px">
          <dt>${this.t("clips.place")}</dt>
          <dd>${C.place}</dd>
          <dt>${this.t("clips.why")}</dt>
          <dd>${r.filter(Boolean).join(" · ")}</dd>
          <dt>${this.t("clips.length")}</dt>
          <dd>${H.length(C.end-C.start)} · ${H.size(C.size)} · ${C.width}×${C.height}</dd>
          <dt>${this.t("clips.expires")}</dt>
          <dd>${C.expires===null?this.t("clips.expires_never"):`${H.moment(C.expires)} (${H.relative(C.expires,Date.now()/1e3)})`}</dd>
          <dt>${this.t("clips.zones")}</dt>
          <dd>${C.zones.map(o=>o.name).join(", ")||this.t("clips.zones_none")}</dd>
          <dt>${this.t("clips.purpose")}</dt>
          <dd>${C.purpose}</dd>
          <dt>SHA-256</dt>
          <dd class="mono">${C.sha256}</dd>
        </dl>
      </div></div>`}viewers(){if(!this.views)return"";let{format:C}=this.app;return t`<div class="card"><div class="card-content">
        <h3>${this.t("clips.history")}</h3>
        ${this.views.length===0?t`<p class="secondary">${this.t("clips.history_none")}</p>`:t`<ul>
                ${this.views.map(H=>{let V=H.body?.user_name;return t`<li>
                    ${C.moment(H.time)} · ${typeof V=="string"&&V?V:this.t("ledger.nobody")} ·
                    ${this.t(`clips.did_${H.event}`)}
                  </li>`})}
              </ul>`}
      </div></div>`}step(C){let H=this.video;if(!H||!this.clip)return;H.pause();let V=(this.clip.end-this.clip.start)/Math.max(this.clip.frames,1),e=Math.floor(H.currentTime/V+1e-6);H.currentTime=Math.min(Math.max((e+C+.5)*V,0),H.duration)}full(){let C=this.video;if(!C)return;let H=C.webkitEnterFullscreen;document.fullscreenEnabled?C.requestFullscreen():H?.call(C)}goTo(C){C&&O(h("clips",C),!0)}};i([p()],L1.prototype,"clipId",2),i([p({attribute:!1})],L1.prototype,"route",2),i([a()],L1.prototype,"clip",2),i([a()],L1.prototype,"trouble",2),i([a()],L1.prototype,"views",2),i([a()],L1.prototype,"speed",2),i([a()],L1.prototype,"broken",2),i([N("video")],L1.prototype,"video",2);c("cg-clip",L1);var N2=["ground","recipient","content","check","hand_over"],_0=["law","investigation","emergency"],N0=["sealed_zip","hand_over"],B5=()=>({ground:"",organization:"",name:"",reference:"",purpose:"",form:"sealed_zip",clips:[],camera:"",start:"",end:""}),s=B5(),G1="ground",R1=null,t1=class extends Z{constructor(){super(...arguments);this.parts=null;this.day=null;this.busy=!1;this.trouble=null;this.begun=!1;this.copied=!1;this.timer=0}static{this.styles=[u,x`
      .steps {
        display: flex;
        gap: 4px;
        list-style: none;
        padding: 0;
        margin: 8px 0 16px;
      }
      .steps li {
        flex: 1;
        min-width: 0;
        border-top: 3px solid var(--divider-color);
        padding-top: 6px;
        font-size: 12px;
        color: var(--secondary-text-color);
        overflow-wrap: anywhere;
      }
      .steps li[data-done] {
        border-color: var(--primary-color);
      }
      .steps li[aria-current="step"] {
        border-color: var(--primary-color);
        color: var(--primary-text-color);
        font-weight: 500;
      }
      .part {
        padding: 8px 0;
        border-bottom: 1px solid var(--divider-color);
      }
      .password {
        font-size: 24px;
        letter-spacing: 1px;
        padding: 12px;
        border: 2px dashed var(--primary-color);
        border-radius: 8px;
        text-align: center;
        user-select: all;
        overflow-wrap: anywhere;
        font-family: var(--ha-font-family-code, monospace);
      }
      .two {
        display: grid;
        grid-template-columns: repeat(auto-fit, minmax(min(100%, 220px), 1fr));
        gap: 12px;
      }
    `]}willUpdate(C){if(C.has("route")){let H=this.route.query.get("clips");H&&H!==s.clips.join(",")&&(s={...B5(),clips:H.split(",")},G1="ground",R1=null)}}disconnectedCallback(){super.disconnectedCallback(),R1&&(R1={...R1,password:null})}set(C,H){s={...s,[C]:H},this.requestUpdate()}go(C){G1=C,this.trouble=null,(C==="content"||C==="check")&&this.plan(0),this.requestUpdate()}render(){let C=N2.indexOf(G1),H={ground:()=>this.groundStep(),recipient:()=>this.recipientStep(),content:()=>this.contentStep(),check:()=>this.checkStep(),hand_over:()=>this.handOverStep()};return t`<div class="page narrow-page">
      <h2>${this.t("disclose.title")}</h2>
      <ol class="steps">
        ${N2.map((V,e)=>t`<li aria-current=${e===C?"step":"false"} ?data-done=${e<C}>${this.t(`disclose.step_${V}`)}</li>`)}
      </ol>
      ${H[G1]()}
    </div>`}frame(C,H,V,e="common.next"){let r=N2.indexOf(G1);return t`<div class="card">
      <div class="card-content stack">${C} ${this.trouble?w(this.app,this.trouble):""}</div>
      <div class="card-actions">
        ${r>0?t`<button ?disabled=${this.busy} @click=${()=>this.go(N2[r-1]??"ground")}>
                ${this.t("common.back")}
              </button>`:""}
        <span class="grow"></span>
        <button class="filled" ?disabled=${!H||this.busy} @click=${V}>${this.t(e)}</button>
      </div>
    </div>`}groundStep(){return this.frame(t`<p>${this.t("disclose.ground_hint")}</p>
        <div role="radiogroup" aria-label=${this.t("disclose.step_ground")}>
          ${_0.map(C=>t`<label class="check option">
                <input
                  type="radio"
                  name="ground"
                  .checked=${s.ground===C}
                  @change=${()=>this.set("ground",C)}
                />
                <span
                  ><strong>${this.t(`disclose.ground_${C}`)}</strong><br /><span class="secondary"
                    >${this.t(`disclose.ground_${C}_hint`)}</span
                  ></span
                >
              </label>`)}
        </div>`,s.ground!=="",()=>this.go("recipient"))}field(C){return t`<label class="field"
      >${this.t(`disclose.${C}`)}
      <input
        maxlength="200"
        autocomplete="off"
        .value=${s[C]}
        @input=${H=>this.set(C,H.target.value)}
      />
    </label>`}recipientStep(){return this.frame(t`<p>${this.t("disclose.recipient_hint")}</p>
        ${this.field("organization")}${this.field("name")}${this.field("reference")}${this.field("purpose")}`,[s.name,s.organization,s.purpose].every(C=>C.trim()!==""),()=>this.go("content"))}get byTime(){return s.clips.length===0}get span(){if(!s.start||!s.end)return null;let[C,H]=[b5(s.start,this.app.zone),b5(s.end,this.app.zone)];return H>C?[C,H]:null}get content(){if(!this.byTime)return{clip_ids:s.clips};let C=this.span;return s.camera&&C?{camera_id:s.camera,start:C[0],end:C[1]}:null}plan(C=400){window.clearTimeout(this.timer),this.timer=window.setTimeout(()=>{this.look()},C)}async look(){let[C]=(s.start||T1(Date.now()/1e3,this.app.zone)).split("T"),H=this.content;this.parts=null,this.trouble=null;try{let V=j(C??"",this.app.zone),e=j(e1(C??"",1),this.app.zone);this.byTime&&(this.day=await this.app.client.call("timeline",{start:V,end:e},g2)),H&&(this.parts=(await this.app.client.call("disclosures/preview",H,d3)).parts)}catch(V){this.trouble=V}}contentStep(){return this.frame(this.byTime?this.timeFields():t`${this.t("disclose.chosen_clips",{count:s.clips.length})}
            <button
              @click=${()=>{this.set("clips",[]),this.plan(0)}}
            >
              ${this.t("disclose.by_time")}
            </button>
            ${this.partList()}`,(this.parts?.length??0)>0,()=>this.go("check"))}timeFields(){let C=this.app.news.cameras,H=C.find(o=>o.last_clip)??C[0];if(!s.camera&&H&&(s={...s,camera:H.camera_id}),!s.start){let o=C.find(A=>A.camera_id===s.camera)?.last_clip;o&&(s={...s,start:T1(o.start,this.app.zone),end:T1(o.end+1,this.app.zone)})}let V=o=>A=>{this.set(o,A.target.value),this.plan()},e=(s.start||T1(Date.now()/1e3,this.app.zone)).slice(0,10),r=j(e,this.app.zone);return t`<p>${this.t("disclose.content_hint")}</p>
      <label class="field"
        >${this.t("disclose.camera")}
        <select @change=${V("camera")}>
          ${C.map(o=>t`<option value=${o.camera_id} ?selected=${o.camera_id===s.camera}>${o.name}</option>`)}
        </select>
      </label>
      <div class="two">
        ${["start","end"].map(o=>t`<label class="field"
              >${this.t(`disclose.${o}`)}
              <input type="datetime-local" step="1" .value=${s[o]} @change=${V(o)} />
            </label>`)}
      </div>
      <cg-timeline
        .app=${this.app}
        .day=${this.day}
        .from=${r}
        .to=${j(e1(l1(r+43200,this.app.zone),1),this.app.zone)}
        .cameras=${C.filter(o=>o.camera_id===s.camera).map(o=>({id:o.camera_id,name:o.name}))}
        .marked=${this.span}
        @clip=${o=>{s={...s,start:T1(o.detail.start,this.app.zone),end:T1(o.detail.end+1,this.app.zone)},this.plan(0),this.requestUpdate()}}
      ></cg-timeline>
      ${this.span?"":b(w1,this.t("disclose.time_wrong"),"warning")}
      ${this.partList()}`}partList(){if(!this.parts)return this.trouble?"":t`<progress aria-label=${this.t("common.loading")}></progress>`;if(this.parts.length===0)return Q(x1,this.t("disclose.nothing"));let{format:C}=this.app;return t`<div>
      ${this.parts.map(H=>t`<div class="part">
            <strong>${this.app.cameraName(H.camera_id)}</strong> · ${C.moment(H.start)} – ${C.time(H.end,!0)}
            <div class="secondary">
              ${H.whole?this.t("disclose.whole",{size:C.size(H.size)}):this.t("disclose.cut",{from:C.time(H.clip_start,!0),to:C.time(H.clip_end,!0)})}
            </div>
          </div>`)}
    </div>`}checkStep(){let C=[["step_ground",this.t(`disclose.ground_${s.ground}`)],["organization",s.organization],["name",s.name],["reference",s.reference||"–"],["purpose",s.purpose]];return this.frame(t`<dl>
          ${C.map(([H,V])=>t`<dt>${this.t(`disclose.${H}`)}</dt><dd>${V}</dd>`)}
        </dl>
        ${this.partList()}
        <div role="radiogroup" aria-label=${this.t("disclose.form")}>
          ${N0.map(H=>t`<label class="check option">
                <input type="radio" name="form" .checked=${s.form===H} @change=${()=>this.set("form",H)} />
                <span
                  ><strong>${this.t(`disclose.form_${H}`)}</strong><br /><span class="secondary"
                    >${this.t(`disclose.form_${H}_hint`)}</span
                  ></span
                >
              </label>`)}
        </div>
        ${b(k1,this.t("disclose.noted"))}
        ${this.busy?t`<p role="status">${this.t("disclose.making")}</p>
                <progress aria-label=${this.t("disclose.making")}></progress>`:""}`,(this.parts?.length??0)>0,()=>{this.export()},"disclose.make")}async export(){if(!this.content)return;this.busy=!0,this.trouble=null;let H=this.span,V=this.app.news.cameras.find(r=>r.camera_id===s.camera)?.entity_id,e=this.byTime&&H?{entity_id:V,start:new Date(H[0]*1e3).toISOString(),end:new Date(H[1]*1e3).toISOString()}:{clip_ids:s.clips};try{let{disclosure_id:r}=await this.app.client.act("export_disclosure",{legal_basis:s.ground,recipient_name:s.name,recipient_organization:s.organization,request_reference:s.reference,purpose:s.purpose,form:s.form,...e},v3);R1=await this.app.client.call("disclosures/fetch",{disclosure_id:r},p3),this.begun=!1,G1="hand_over"}catch(r){this.trouble=r}this.busy=!1}handOverStep(){let C=R1;if(!C)return this.frame(this.t("disclose.none_open"),!0,()=>this.again(),"disclose.another");let H=this.app.news.downloads.find(o=>o.disclosure_id===C.disclosure_id),{format:V}=this.app,e=H?.sent==null?null:H.sent/Math.max(C.size,1),r=H!==void 0&&H.fetched&&H.sent===null;return t`<div class="card">
      <div class="card-content stack">
        <p><strong>${C.disclosure_id}</strong> · ${V.size(C.size)}</p>
        ${C.password?t`<div>
                <p>${this.t("disclose.password_hint")}</p>
                <div class="password" data-password>${C.password}</div>
                <button @click=${()=>{this.copy(C.password??"")}}>
                  ${this.t(this.copied?"disclose.copied":"disclose.copy")}
                </button>
              </div>`:b(i5,this.t(C.form==="sealed_zip"?"disclose.password_gone":"disclose.no_password"))}
        <div>
          <a
            class="button filled"
            style="background:color-mix(in srgb, var(--primary-color) 80%, #000)"
            href=${C.bundle}
            download
            target="_blank"
            @click=${()=>this.begun=!0}
          >
            <cg-icon .path=${e2}></cg-icon>${this.t("disclose.download")}
          </a>
          <a class="button tonal" href=${C.receipt} target="_blank" rel="noopener">
            <cg-icon .path=${i2}></cg-icon>${this.t("disclose.receipt")}
          </a>
        </div>
        <div role="status">
          ${e!==null?t`<progress .value=${e} max="1" aria-label=${this.t("disclose.downloading")}></progress>
                  ${this.t("disclose.sent",{percent:V.percent(e)})}`:r?b(M1,this.t("disclose.sent_all")):this.begun?t`<progress aria-label=${this.t("disclose.downloading")}></progress>`:""}
        </div>
        <p class="secondary">${this.t("disclose.until",{minutes:Math.round(C.seconds_left/60)})}</p>
      </div>
      <div class="card-actions">
        <span class="grow"></span>
        <button @click=${()=>this.again()}>${this.t("disclose.another")}</button>
      </div>
    </div>`}again(){s=B5(),R1=null,this.parts=null,this.copied=!1,this.go("ground")}async copy(C){try{await navigator.clipboard.writeText(C),this.copied=!0}catch{this.app.toast(this.t("disclose.copy_by_hand"))}}};i([p({attribute:!1})],t1.prototype,"route",2),i([a()],t1.prototype,"parts",2),i([a()],t1.prototype,"day",2),i([a()],t1.prototype,"busy",2),i([a()],t1.prototype,"trouble",2),i([a()],t1.prototype,"begun",2),i([a()],t1.prototype,"copied",2);c("cg-disclose",t1);var z0=["everything","camera","before"],Y=class extends Z{constructor(){super(...arguments);this.scope="";this.camera="";this.until="";this.includeHeld=!1;this.reason="";this.typed="";this.found=null;this.trouble=null;this.busy=!1;this.done=null;this.asked=0}static{this.styles=[u,x`
      .numbers {
        display: grid;
        grid-template-columns: 1fr 1fr;
        gap: 12px;
      }
      .numbers div {
        border-radius: 12px;
        padding: 12px;
        background: var(--secondary-background-color);
      }
      .numbers strong {
        font-size: 24px;
        font-weight: 400;
        display: block;
      }
    `]}connectedCallback(){super.connectedCallback(),this.updateComplete.then(()=>{this.until||=l1(Date.now()/1e3,this.app.zone),this.camera||=this.app.news.cameras[0]?.camera_id??""})}get order(){return{scope:this.scope,include_held:this.includeHeld,...this.scope==="camera"?{camera_id:this.camera}:{},...this.scope==="before"?{before:j(this.until,this.app.zone)}:{}}}async look(){let C=++this.asked;this.found=null,this.trouble=null;try{let H=await this.app.client.call("wipe/preview",this.order,l3);C===this.asked&&(this.found=H)}catch(H){C===this.asked&&(this.trouble=H)}}render(){return t`<div class="page narrow-page">
      <h2>${this.t("wipe.title")}</h2>
      <p class="secondary">${this.t("wipe.hint")}</p>
      ${this.done?this.result(this.done):this.form()}
    </div>`}form(){let C=this.t("wipe.word"),H=this.found!==null&&this.found.clips>0&&this.reason.trim()!==""&&this.typed.trim()===C,V=this.app.news.site?.wiping??null;return t`<div class="card">
      <div class="card-content stack">
        <div role="radiogroup" aria-label=${this.t("wipe.scope")}>
          <h3>${this.t("wipe.scope")}</h3>
          ${z0.map(e=>t`<label class="check option">
                <input
                  type="radio"
                  name="scope"
                  .checked=${e===this.scope}
                  ?disabled=${this.busy}
                  @change=${()=>{this.scope=e,this.look()}}
                />
                <span>${this.t(`wipe.scope_${e}`)}</span>
              </label>`)}
        </div>
        ${this.scope==="camera"?t`<label class="field"
                >${this.t("disclose.camera")}
                <select
                  @change=${e=>{this.camera=e.target.value,this.look()}}
                >
                  ${this.app.news.cameras.map(e=>t`<option value=${e.camera_id} ?selected=${e.camera_id===this.camera}>${e.name}</option>`)}
                </select>
              </label>`:""}
        ${this.scope==="before"?t`<label class="field"
                >${this.t("wipe.before")}
                <input
                  type="date"
                  .value=${this.until}
                  @change=${e=>{this.until=e.target.value||this.until,this.look()}}
                />
              </label>`:""}
        ${this.scope?this.what():""}
        ${this.trouble?w(this.app,this.trouble):""}
        ${this.found&&this.found.clips>0?t`<label class="field"
                  >${this.t("clips.reason")}
                  <input
                    maxlength="500"
                    .value=${this.reason}
                    ?disabled=${this.busy}
                    @input=${e=>this.reason=e.target.value}
                  />
                </label>
                <label class="field"
                  >${this.t("wipe.type",{word:C})}
                  <input
                    autocomplete="off"
                    autocapitalize="none"
                    .value=${this.typed}
                    ?disabled=${this.busy}
                    @input=${e=>this.typed=e.target.value}
                  />
                </label>
                <p class="secondary">${this.t("wipe.noted")}</p>`:""}
        ${this.busy||V!==null?t`<div role="status">
                <progress .value=${V??0} max="1" aria-label=${this.t("wipe.going")}></progress>
                ${this.t("wipe.going")} ${this.app.format.percent(V??0)}
              </div>`:""}
      </div>
      <div class="card-actions">
        <span class="grow"></span>
        <button class="danger" ?disabled=${!H||this.busy} @click=${()=>{this.wipe()}}>${this.t("wipe.go")}</button>
      </div>
    </div>`}what(){let C=this.found,{format:H}=this.app;return C?t`<div class="numbers" role="status">
        <div><strong>${H.number(C.clips)}</strong>${this.t("wipe.goes",{size:H.size(C.size)})}</div>
        <div><strong>${H.number(C.held)}</strong>${this.t("wipe.stays")}</div>
      </div>
      ${C.oldest!==null&&C.newest!==null?t`<p class="secondary">${H.moment(C.oldest)} – ${H.moment(C.newest)}</p>`:""}
      ${C.held>0||this.includeHeld?t`<label class="check">
              <input
                type="checkbox"
                .checked=${this.includeHeld}
                @change=${V=>{this.includeHeld=V.target.checked,this.look()}}
              />
              <span>${this.t("wipe.include_held")}</span>
            </label>`:""}`:this.trouble?"":t`<progress aria-label=${this.t("common.loading")}></progress>`}async wipe(){this.busy=!0,this.trouble=null;let C=this.app.news.cameras.find(H=>H.camera_id===this.camera)?.entity_id;try{this.done=await this.app.client.act("wipe_media",{scope:this.scope,reason:this.reason,include_held:this.includeHeld,confirm:!0,...this.scope==="camera"?{entity_id:C}:{},...this.scope==="before"?{before:new Date(j(this.until,this.app.zone)*1e3).toISOString()}:{}},x3),this.typed=""}catch(H){this.trouble=H}this.busy=!1}result(C){return t`<div class="card">
      <div class="card-content stack">
        ${b(M1,this.t("wipe.done",{count:C.wiped}))}
        ${C.skipped_held?b(H1,this.t("wipe.kept",{count:C.skipped_held})):""}
        ${C.failed?b(F,this.t("wipe.failed",{count:C.failed}),"error"):""}
        <p>${this.t("wipe.medium")}</p>
        <a class="button tonal" href=${C.certificate_link} target="_blank" rel="noopener">
          <cg-icon .path=${i2}></cg-icon>${this.t("wipe.certificate",{id:C.certificate_id})}
        </a>
      </div>
      <div class="card-actions">
        <span class="grow"></span>
        <button
          @click=${()=>{this.done=null,this.scope="",this.reason="",this.found=null}}
        >
          ${this.t("common.close")}
        </button>
      </div>
    </div>`}};i([a()],Y.prototype,"scope",2),i([a()],Y.prototype,"camera",2),i([a()],Y.prototype,"until",2),i([a()],Y.prototype,"includeHeld",2),i([a()],Y.prototype,"reason",2),i([a()],Y.prototype,"typed",2),i([a()],Y.prototype,"found",2),i([a()],Y.prototype,"trouble",2),i([a()],Y.prototype,"busy",2),i([a()],Y.prototype,"done",2);c("cg-wipe",Y);function I3(M,L,C,H){if(M.body===null)return L.t("ledger.dropped");let V=`ledger.${M.event}`,e=I0(M.body,L,C,H),r=M.body.user_id===null||M.body.user_id===void 0?`${V}_itself`:V;return L.has(r)?L.t(r,e):L.has(V)?L.t(V,e):L.t("ledger.unknown",{event:M.event})}function I0(M,L,C,H){let V={};for(let[e,r]of Object.entries(M))(typeof r=="string"||typeof r=="number")&&(V[e]=r),Array.isArray(r)&&(V[`${e}_count`]=r.length);return V.who=d2(M.user_name)||L.t("ledger.nobody"),V.camera=H.camera(d2(M.camera_id)),V.count=Array.isArray(M.clip_ids)?M.clip_ids.length:Number(M.clips??0),V.reason=W0(M,L),V.cause=L.fault(d2(M.cause))??d2(M.cause),typeof M.from_us=="number"&&(V.from=C.time(M.from_us/1e6,!0)),V.to=typeof M.to_us=="number"?C.time(M.to_us/1e6,!0):"…",typeof M.until_us=="number"&&(V.until=C.shortDay(M.until_us/1e6)),V}function W0(M,L){let C=d2(M.reason);return L.has(`ledger.reason_${C}`)?L.t(`ledger.reason_${C}`):C}function d2(M){return typeof M=="string"?M:""}var U0=50,W3={views:["viewed","watched","picture_shown"],disclosures:["disclosing","disclosed","disclosure_aborted","ledger_exported"],holds:["held","released","kit_made","kit_restored"],erasures:["erasing","erased","wiping","wiped"],recordings:["recorded","clip_failed","gap","recording_asked","mask_not_proved","unproved_erased","camera_moved"],settings:["camera_added","camera_removed","settings_changed","privacy_on","privacy_off","view_approved","storage_taken_over","site_begun"],checks:["self_check","anomaly","clock_step","key_changed","root_rotated","bodies_dropped"]},_=class extends Z{constructor(){super(...arguments);this.entries=null;this.more=!1;this.total=0;this.trouble=null;this.busy=!1;this.text="";this.group="";this.person="";this.people=[];this.verification=null;this.verifying=!1;this.verifyTrouble=null;this.open=-1;this.asked=0;this.timer=0}static{this.styles=[u,x`
      .filters {
        display: grid;
        grid-template-columns: repeat(auto-fit, minmax(min(100%, 200px), 1fr));
        gap: 8px;
        margin: 12px 0;
      }
      ol {
        list-style: none;
        margin: 0;
        padding: 0;
      }
      li {
        border-top: 1px solid var(--divider-color);
      }
      li:first-child {
        border-top: 0;
      }
      .entry {
        width: 100%;
        border-radius: 0;
        justify-content: flex-start;
        text-align: start;
        font-weight: 400;
        padding: 10px 16px;
        display: grid;
        grid-template-columns: 150px 1fr;
        gap: 4px 16px;
      }
      @media (max-width: 600px) {
        .entry {
          grid-template-columns: 1fr;
        }
      }
      .more {
        padding: 0 16px 12px;
      }
      .sentence {
        overflow-wrap: anywhere;
      }
    `]}connectedCallback(){super.connectedCallback(),this.updateComplete.then(()=>this.loadPeople())}willUpdate(C){C.has("route")&&!C.get("route")&&(this.text=this.route.query.get("q")??"",this.load())}async loadPeople(){try{let C=await this.app.client.send({type:"config/auth/list"});this.people=C.filter(H=>!H.system_generated).map(({id:H,name:V})=>({id:H,name:V}))}catch(C){this.app.toast(C)}}async load(C){let H=++this.asked;this.busy=!0,this.trouble=null;try{let V=await this.app.client.call("ledger/list",{limit:U0,...C?{before:C}:{},...this.text.trim()?{text:this.text.trim()}:{},...this.group?{events:W3[this.group]}:{},...this.person?{user_id:this.person}:{}},f2);if(H!==this.asked)return;this.entries=C?[...this.entries??[],...V.entries]:V.entries,this.more=V.more,this.total=V.total}catch(V){H===this.asked&&(this.trouble=V)}H===this.asked&&(this.busy=!1)}render(){let{format:C}=this.app;return t`<div class="page">
      <div class="row">
        <h2 class="grow">${this.t("ledger.title")}</h2>
        <button class="tonal" ?disabled=${this.verifying} @click=${()=>{this.verify()}}>
          <cg-icon .path=${m5}></cg-icon>${this.t("ledger.verify")}
        </button>
        <button class="tonal" @click=${()=>{this.export()}}>
          <cg-icon .path=${e2}></cg-icon>${this.t("ledger.export")}
        </button>
      </div>
      <p class="secondary">${this.t("ledger.hint",{count:C.number(this.total)})}</p>
      ${this.verificationBox()}
      <div class="filters">
        <input
          type="search"
          aria-label=${this.t("ledger.search")}
          placeholder=${this.t("ledger.search")}
          .value=${this.text}
          @input=${H=>{this.text=H.target.value,window.clearTimeout(this.timer),this.timer=window.setTimeout(()=>{this.load()},350)}}
        />
        <select
          aria-label=${this.t("ledger.kind")}
          @change=${H=>{this.group=H.target.value,this.load()}}
        >
          <option value="">${this.t("ledger.all")}</option>
          ${Object.keys(W3).map(H=>t`<option value=${H}>${this.t(`ledger.group_${H}`)}</option>`)}
        </select>
        <select
          aria-label=${this.t("ledger.person")}
          @change=${H=>{this.person=H.target.value,this.load()}}
        >
          <option value="">${this.t("ledger.anybody")}</option>
          ${this.people.map(H=>t`<option value=${H.id}>${H.name}</option>`)}
        </select>
      </div>
      ${this.trouble?w(this.app,this.trouble,()=>{this.load()}):""}
      ${this.busy?t`<progress aria-label=${this.t("common.loading")}></progress>`:""}
      ${this.entries?this.list(this.entries):this.trouble?"":E(this.app)}
    </div>`}list(C){return C.length===0?Q(k1,this.t("ledger.none")):t`<div class="card">
        <ol>
          ${C.map(H=>this.entry(H))}
        </ol>
      </div>
      ${this.more?t`<p class="row" style="justify-content:center;margin-top:12px">
              <button class="tonal" ?disabled=${this.busy} @click=${()=>{this.load(C.at(-1)?.seq)}}>
                ${this.t("ledger.older")}
              </button>
            </p>`:""}`}entry(C){let{format:H,texts:V}=this.app,e=this.open===C.seq,r=C.body?.clip_id;return t`<li>
      <button
        class="entry"
        aria-expanded=${e?"true":"false"}
        @click=${()=>this.open=e?-1:C.seq}
      >
        <span class="secondary">${H.moment(C.time)}</span>
        <span class="sentence">${I3(C,V,H,{camera:o=>this.app.cameraName(o)})}</span>
      </button>
      ${e?t`<div class="more">
              <dl>
                <dt>${this.t("ledger.number")}</dt>
                <dd>${C.seq}</dd>
                <dt>${this.t("ledger.head")}</dt>
                <dd class="mono">${C.head}</dd>
                ${Object.entries(C.body??{}).map(([o,A])=>t`<dt class="mono">${o}</dt>
                      <dd class="mono">${typeof A=="string"?A:JSON.stringify(A)}</dd>`)}
              </dl>
              ${typeof r=="string"?t`<button @click=${()=>O(h("clips",r))}>${this.t("ledger.to_clip")}</button>`:""}
            </div>`:""}
    </li>`}verificationBox(){let C=this.app.news.site?.verifying??null;if(this.verifying||C!==null)return t`<div role="status">
        <progress .value=${C??0} max="1" aria-label=${this.t("ledger.verifying")}></progress>
        ${this.t("ledger.verifying")} ${this.app.format.percent(C??0)}
      </div>`;if(this.verifyTrouble)return w(this.app,this.verifyTrouble);let H=this.verification;return H?H.ok?b(M1,this.t("ledger.verified",{entries:H.entries,clips:H.clips_checked})):b(F,t`<p>${this.t("ledger.problems",{count:H.problems.length})}</p>
        ${H.problems.slice(0,20).map(V=>t`<p>${this.app.texts.fault(V.problem,{seq:V.seq,clip_id:V.clip_id,count:V.detail,name:V.detail})??V.message}</p>`)}`,"error"):""}async verify(){this.verifying=!0,this.verification=null,this.verifyTrouble=null;try{this.verification=await this.app.client.act("verify",{scope:"all"},c3)}catch(C){this.verifyTrouble=C}this.verifying=!1}async export(){try{let C=await this.app.client.call("ledger/export",{},m3),H=document.createElement("a");H.href=C.link,H.download="",H.target="_blank",H.click()}catch(C){this.app.toast(C)}}};i([p({attribute:!1})],_.prototype,"route",2),i([a()],_.prototype,"entries",2),i([a()],_.prototype,"more",2),i([a()],_.prototype,"total",2),i([a()],_.prototype,"trouble",2),i([a()],_.prototype,"busy",2),i([a()],_.prototype,"text",2),i([a()],_.prototype,"group",2),i([a()],_.prototype,"person",2),i([a()],_.prototype,"people",2),i([a()],_.prototype,"verification",2),i([a()],_.prototype,"verifying",2),i([a()],_.prototype,"verifyTrouble",2),i([a()],_.prototype,"open",2);c("cg-ledger",_);var z2=120,G0={"2(1)":"/config/integrations/integration/camguard","2(2)":"/camguard/cameras","2(4)":"/config/integrations/integration/camguard","2(5)ア":"/config/integrations/integration/camguard","2(5)イ":"/camguard/ledger","2(5)ウ":"/config/integrations/integration/camguard","2(5)エ":"/config/repairs","2(5)オ":"/camguard/wipe","2(6)":"/camguard/disclose"},u1=class extends Z{constructor(){super(...arguments);this.known=null;this.issues=[];this.issueTexts={};this.trouble=null;this.clipsSeen=-1}static{this.styles=[u,x`
      .grid {
        display: grid;
        grid-template-columns: minmax(0, 3fr) minmax(0, 2fr);
        gap: 16px;
        align-items: start;
      }
      @media (max-width: 870px) {
        .grid {
          grid-template-columns: minmax(0, 1fr);
        }
      }
      .duty {
        display: grid;
        grid-template-columns: 28px 1fr auto;
        gap: 4px 12px;
        padding: 12px 16px;
        border-top: 1px solid var(--divider-color);
        align-items: start;
      }
      .duty:first-of-type {
        border-top: 0;
      }
      .duty p {
        margin: 0;
      }
      .met {
        color: var(--success-color, #43a047);
      }
      .open {
        color: var(--warning-color, #ffa600);
      }
      .later {
        color: var(--secondary-text-color);
      }
      svg text {
        fill: var(--secondary-text-color);
        font-size: 11px;
      }
      .bars rect {
        fill: var(--primary-color);
      }
      .bars rect.held {
        fill: var(--warning-color, #ffa600);
      }
      .bars line {
        stroke: var(--error-color, #db4437);
        stroke-dasharray: 4 3;
      }
      .meter {
        display: flex;
        height: 20px;
        border-radius: 10px;
        overflow: hidden;
        background: var(--secondary-background-color);
        margin: 8px 0;
      }
      .meter div {
        min-width: 2px;
      }
    `]}shouldUpdate(C){return C.size>1||!C.has("hass")}willUpdate(){this.app.news.clips!==this.clipsSeen&&(this.clipsSeen=this.app.news.clips,this.load())}async load(){try{let C=this.app.client,[H,V,e]=await Promise.all([C.call("overview",{},s3),C.send({type:"repairs/list_issues"}),C.send({type:"frontend/get_translations",language:this.app.texts.language,category:"issues",integration:"camguard"})]);this.known=H,this.issues=V.issues.filter(r=>r.domain==="camguard"&&!r.ignored),this.issueTexts=e.resources,this.trouble=null}catch(C){this.trouble=C}}render(){return this.trouble&&!this.known?t`<div class="page">${w(this.app,this.trouble,()=>{this.load()})}</div>`:this.known?t`<div class="page stack">
      <h2>${this.t("overview.title")}</h2>
      ${this.problems()}
      <div class="grid">
        <div class="card">${this.checklist(this.known)}</div>
        <div class="stack">
          ${this.storedCard(this.known)} ${this.storageCard(this.known)} ${this.keysCard(this.known)}
          ${this.exposureCard(this.known)}
        </div>
      </div>
    </div>`:E(this.app)}problems(){return this.issues.length===0?b(M1,this.t("overview.no_problems")):t`${this.issues.map(C=>{let V=(this.issueTexts[`component.camguard.issues.${C.translation_key}.title`]??C.translation_key).replace(/\{(\w+)\}/g,(e,r)=>C.translation_placeholders?.[r]??"");return b(F,t`<div class="row">
          <span class="grow">${V}</span>
          <a class="button tonal" href="/config/repairs">${this.t("overview.mend")}</a>
        </div>`,C.severity==="warning"?"warning":"error")})}`}checklist(C){return t`<h3 class="card-header">${this.t("overview.checklist")}</h3>
      <p class="secondary" style="padding:8px 16px 0">${this.t("overview.checklist_hint")}</p>
      ${C.checklist.map(H=>{let V=H.clause.replace(/\W/gu,g=>({"(":"_",ア:"a",イ:"b",ウ:"c",エ:"d",オ:"e"})[g]??""),e=G0[H.clause],r=Object.fromEntries(Object.entries(H.facts).map(([g,y])=>[g,this.fact(g,y)])),o={met:M1,open:F,later:L2}[H.state],A=H.state==="open"&&H.facts.split===null,l=H.state==="open"&&H.facts.split===!0&&Number(H.facts.exposed)>0,f=A?"overview.away_2_5c":l?"overview.exposed_2_5c":`overview.${H.state}_${V}`,m=H.state==="later"?"overview.later":f;return t`<div class="duty" data-clause=${H.clause} data-state=${H.state}>
          <cg-icon class=${H.state} .path=${o}></cg-icon>
          <div>
            <p><strong>${H.clause} ${this.t(`overview.duty_${V}`)}</strong></p>
            <p>
              <span class="visually-hidden">${this.t(`overview.state_${H.state}`)}:</span> ${this.t(m,r)}
            </p>
          </div>
          ${e?t`<a
                  class="button"
                  href=${e}
                  @click=${g=>{g.preventDefault(),O(e)}}
                  aria-label=${`${this.t("overview.go")}: ${this.t(`overview.duty_${V}`)}`}
                  ><cg-icon .path=${V2}></cg-icon
                ></a>`:""}
        </div>`})}`}fact(C,H){return C==="verified"?typeof H=="number"?this.app.format.moment(H):this.t("overview.never"):typeof H=="number"||typeof H=="string"?H:""}storedCard(C){let H=[...C.days].reverse(),V=Math.max(...H.map(A=>A.clips),1),e=100/Math.max(H.length,1),r=C.retention_days*86400,{format:o}=this.app;return t`<div class="card"><div class="card-content">
      <h3>${this.t("overview.stored")}</h3>
      <p class="secondary">${this.t("overview.stored_hint",{days:C.retention_days})}</p>
      ${H.length===0?t`<p>${this.t("clips.none")}</p>`:t`<svg
                class="bars"
                viewBox="0 0 100 ${z2}"
                preserveAspectRatio="none"
                style="width:100%;height:${z2}px"
                role="img"
                aria-label=${this.t("overview.stored_alt",{count:C.days.reduce((A,l)=>A+l.clips,0),days:H.length})}
              >
                ${H.map((A,l)=>{let f=A.clips/V*(z2-8),m=Date.now()/1e3-A.start>r+86400;return U`<rect
                      class=${m||A.held===A.clips?"held":""}
                      x=${l*e+e*.12}
                      y=${z2-f}
                      width=${e*.76}
                      height=${f}
                    ><title>${o.shortDay(A.start+43200)}: ${A.clips}</title></rect>`})}
              </svg>
              <div class="row secondary" style="justify-content:space-between;font-size:12px">
                <span>${o.dayOfMonth((H[0]?.start??0)+43200)}</span>
                <span>${o.dayOfMonth((H.at(-1)?.start??0)+43200)}</span>
              </div>`}
    </div></div>`}storageCard({storage:C}){let{format:H}=this.app;if(C.total===null||C.free===null)return b(F,this.app.texts.fault(C.fault,{path:C.path})??this.t("overview.storage_away"),"error");let V=Math.max(C.total-C.free-C.used,0),e=o=>`${o/(C.total??1)*100}%`,r=C.per_day?Math.floor(Math.max(C.free-C.min_free,0)/C.per_day):null;return t`<div class="card"><div class="card-content">
      <h3>${this.t("overview.storage")}</h3>
      <div class="meter" role="img" aria-label=${this.t("overview.storage_alt",{used:H.size(C.used),free:H.size(C.free)})}>
        <div style="width:${e(C.used)};background:var(--primary-color)"></div>
        <div style="width:${e(V)};background:var(--secondary-text-color);opacity:.5"></div>
      </div>
      <dl>
        <dt>${this.t("overview.used")}</dt>
        <dd>${H.size(C.used)}</dd>
        <dt>${this.t("overview.free")}</dt>
        <dd>${H.size(C.free)}</dd>
        ${C.per_day?t`<dt>${this.t("overview.per_day")}</dt><dd>${H.size(C.per_day)}</dd>`:""}
        ${r!==null?t`<dt>${this.t("overview.lasts")}</dt><dd>${this.t("overview.lasts_days",{count:r})}</dd>`:""}
      </dl>
      <p class="mono secondary">${C.path}</p>
    </div></div>`}exposureCard({exposure:C}){let H=["people","dashboards","assistants","automations","integrations"];return t`<div class="card" data-card="exposure"><div class="card-content">
      <h3>${this.t("overview.exposure")}</h3>
      <p class="secondary">${this.t("overview.exposure_hint")}</p>
      ${C.length===0?t`<p>${this.t("overview.exposure_none")}</p>`:C.map(V=>t`<h4>${V.name} <span class="mono secondary">${V.entity_id}</span></h4>
                <dl>
                  ${H.filter(e=>V[e].length>0).map(e=>t`<dt>${this.t(`overview.exposure_${e}`)}</dt><dd>${V[e].join(", ")}</dd>`)}
                </dl>`)}
      ${C.length===0?"":t`<p><a class="button tonal" href="/config/integrations/integration/camguard">${this.t("overview.exposure_change")}</a></p>`}
    </div></div>`}keysCard({keys:C}){return t`<div class="card"><div class="card-content">
      <h3>${this.t("overview.keys")}</h3>
      <dl>
        <dt>${this.t("overview.root")}</dt>
        <dd>${this.t(C.split===null?"overview.root_away":C.split?"overview.root_split":"overview.root_same")}</dd>
        <dt>${this.t("overview.held")}</dt>
        <dd>
          <a
            href=${h("clips","","",{held:"1"})}
            @click=${H=>{H.preventDefault(),O(h("clips","","",{held:"1"}))}}
            >${C.held}</a
          >
        </dd>
        <dt>${this.t("overview.kits")}</dt>
        <dd>${C.kit_missing?this.t("overview.kit_missing"):C.kits}</dd>
      </dl>
      <p class="mono secondary">${C.root_path}</p>
    </div></div>`}};i([p({attribute:!1})],u1.prototype,"hass",2),i([a()],u1.prototype,"known",2),i([a()],u1.prototype,"issues",2),i([a()],u1.prototype,"issueTexts",2),i([a()],u1.prototype,"trouble",2);c("cg-overview",u1);var Q0=6e3,K0={cameras:y1,clips:x1,disclose:r2,wipe:C1,ledger:k1,overview:r5},q0=["config_panel","exceptions"],J=class extends G{constructor(){super(...arguments);this.narrow=!1;this.app=null;this.news=null;this.texts=null;this.toastText="";this.error=null;this.outdated=!1;this.client=new O2(()=>this.hass);this.unfollow=null;this.toastTimer=0;this.language=""}static{this.styles=[u,x`
      :host {
        display: flex;
        flex-direction: column;
        height: 100dvh;
        background: var(--primary-background-color);
      }
      header {
        display: flex;
        align-items: center;
        min-height: calc(var(--header-height, 56px) + var(--safe-area-inset-top, 0px));
        padding: var(--safe-area-inset-top, 0px) 8px 0;
        background: var(--app-header-background-color, var(--primary-color));
        color: var(--app-header-text-color, #fff);
        border-bottom: var(--app-header-border-bottom, none);
        flex: none;
      }
      header button {
        color: inherit;
      }
      h1 {
        font-size: 20px;
        padding: 0 12px;
      }
      nav {
        display: flex;
        flex: 1;
        min-width: 0;
        overflow-x: auto;
        scrollbar-width: none;
      }
      nav a {
        color: inherit;
        display: flex;
        align-items: center;
        gap: 8px;
        padding: 0 16px;
        min-height: 56px;
        text-decoration: none;
        font-weight: 500;
        white-space: nowrap;
        border-bottom: 3px solid transparent;
      }
      nav a[aria-current="page"] {
        border-bottom-color: currentcolor;
      }
      nav.bottom {
        flex: none;
        background: var(--sidebar-background-color, var(--card-background-color));
        color: var(--primary-text-color);
        border-top: 1px solid var(--divider-color);
        padding-bottom: var(--safe-area-inset-bottom, 0px);
      }
      nav.bottom a {
        flex: 1 0 56px;
        flex-direction: column;
        gap: 2px;
        justify-content: center;
        padding: 4px 2px;
        font-size: 11px;
        font-weight: 400;
        color: var(--secondary-text-color);
        border: 0;
      }
      nav.bottom a[aria-current="page"] {
        color: var(--primary-text-color);
        font-weight: 600;
      }
      nav.bottom a[aria-current="page"] cg-icon {
        background: color-mix(in srgb, var(--primary-color) 25%, transparent);
        border-radius: 14px;
        padding: 2px 12px;
        width: 48px;
        height: 28px;
      }
      main {
        flex: 1;
        overflow: auto;
        min-height: 0;
        overscroll-behavior-y: contain;
      }
      .toast {
        position: fixed;
        left: 50%;
        bottom: calc(24px + var(--safe-area-inset-bottom, 0px));
        transform: translateX(-50%);
        max-width: min(640px, calc(100vw - 32px));
        background: #323232;
        color: #fff;
        border-radius: 8px;
        padding: 12px 20px;
        z-index: 10;
        box-shadow: 0 4px 16px rgb(0 0 0 / 40%);
      }
      .toast[data-narrow] {
        bottom: 88px;
      }
      .banner {
        padding: 8px 16px;
        background: color-mix(in srgb, var(--warning-color, #ffa600) 30%, var(--primary-background-color));
        display: flex;
        gap: 12px;
        align-items: center;
        flex-wrap: wrap;
      }
    `]}connectedCallback(){super.connectedCallback(),this.begin()}disconnectedCallback(){super.disconnectedCallback(),this.unfollow?.(),this.unfollow=null}willUpdate(C){let H=this.hass.locale?.language??this.hass.language;H!==this.language&&(this.language=H,this.load(H)),this.texts&&this.news&&(!this.app||!C.has("hass")||C.size>1)&&(this.app=this.makeApp())}makeApp(){let[C,H]=[this.texts,this.news],V=this.hass.config.time_zone,e=this.app,r=new Map(H.cameras.map(o=>[o.camera_id,o.name]));return{client:this.client,texts:C,format:e?.format.language===C.language&&e.zone===V?e.format:new w2(C.language,V),news:H,narrow:this.narrow,zone:V,userId:this.hass.user?.id??"",hass:()=>this.hass,toast:o=>this.toast(o),cameraName:o=>r.get(o)??C.t("clips.removed_camera")}}async begin(){await this.updateComplete;try{this.unfollow??=await this.client.follow(C=>{this.news=C,this.error=null},()=>this.outdated=!0)}catch(C){this.error=C}}async load(C){let H;try{H=await Promise.all(q0.map(e=>this.client.send({type:"frontend/get_translations",language:C,category:e,integration:"camguard"})))}catch(e){this.error=e,this.language="";return}let V=H.map(e=>e.resources);C===this.language&&(this.texts=new k2(C,Object.assign({},...V)))}toast(C){window.clearTimeout(this.toastTimer),this.toastText=typeof C=="string"?C:this.texts?.refusal(z(C))??"",this.toastTimer=window.setTimeout(()=>this.toastText="",Q0)}render(){let C=this.app;if(!C)return t`<header>${this.menuButton()}<h1>CamGuard</h1></header>
        <main>${this.error?t`<div class="page" role="alert">${z(this.error).message}</div>`:""}</main>`;let H=Z3(this.route?.path??"",location.search),V=C.news.role==="administrator"?u5:C.news.role==="viewer"?u3:[],e=V.map(o=>t`<a
          href=${h(o)}
          aria-current=${o===H.page?"page":P}
          @click=${A=>{A.ctrlKey||A.metaKey||A.shiftKey||(A.preventDefault(),O(h(o)))}}
          ><cg-icon .path=${K0[o]}></cg-icon><span>${C.texts.t(`tabs.${o}`)}</span></a
        >`),r=C.texts.t("tabs.label");return t`<header>
        ${this.menuButton()}
        <h1>CamGuard</h1>
        ${this.narrow?"":t`<nav aria-label=${r}>${e}</nav>`}
      </header>
      ${this.banner(C)}
      <main>${this.page(C,H,V)}</main>
      ${this.narrow&&e.length>0?t`<nav class="bottom" aria-label=${r}>${e}</nav>`:""}
      <div role="status" aria-live="polite">
        ${this.toastText?t`<div class="toast" ?data-narrow=${this.narrow}>${this.toastText}</div>`:""}
      </div>`}menuButton(){return!this.narrow&&this.hass.dockedSidebar!=="always_hidden"?"":t`<button
      class="icon"
      aria-label=${this.texts?.t("tabs.menu")??"Menu"}
      @click=${()=>this.dispatchEvent(new CustomEvent("hass-toggle-menu",{bubbles:!0,composed:!0}))}
    >
      <cg-icon .path=${n5}></cg-icon>
    </button>`}banner(C){let H=this.panel?.config?.version;return this.outdated||H&&H!=="0.1.0"||C.news.version!=="0.1.0"?t`<div class="banner" role="status">
        <span class="grow">${C.texts.t("common.updated")}</span>
        <button class="filled" @click=${()=>location.reload()}>${C.texts.t("common.reload")}</button>
      </div>`:this.hass.connected?"":t`<div class="banner" role="status">${C.texts.t("common.offline")}</div>`}page(C,H,V){if(!C.news.running)return t`<div class="page narrow-page"><div class="empty">
        <cg-icon .path=${b1}></cg-icon>
        <h3>${C.texts.t("common.not_running")}</h3>
        <p>${C.texts.t("common.not_running_hint")}</p>
        <a class="button tonal" href="/config/integrations/integration/camguard">${C.texts.t("common.integration")}</a>
      </div></div>`;if(!V.includes(H.page))return t`<div class="page narrow-page"><div class="empty">
        <cg-icon .path=${H1}></cg-icon>
        <h3>${C.texts.t("common.no_access")}</h3>
        <p>${C.texts.t("common.no_access_hint")}</p>
      </div></div>`;switch(H.page){case"cameras":return H.id==="add"?t`<cg-add .app=${C}></cg-add>`:H.part==="zones"?t`<cg-zones .app=${C} .cameraId=${H.id}></cg-zones>`:H.part==="motion"?t`<cg-motion .app=${C} .cameraId=${H.id}></cg-motion>`:t`<cg-cameras .app=${C} .hass=${this.hass}></cg-cameras>`;case"clips":return H.id?t`<cg-clip .app=${C} .route=${H} .clipId=${H.id}></cg-clip>`:t`<cg-clips .app=${C} .route=${H}></cg-clips>`;case"disclose":return t`<cg-disclose .app=${C} .route=${H}></cg-disclose>`;case"wipe":return t`<cg-wipe .app=${C} .route=${H}></cg-wipe>`;case"ledger":return t`<cg-ledger .app=${C} .route=${H}></cg-ledger>`;case"overview":return t`<cg-overview .app=${C} .hass=${this.hass}></cg-overview>`;default:return E(C)}}};i([p({attribute:!1})],J.prototype,"hass",2),i([p({type:Boolean})],J.prototype,"narrow",2),i([p({attribute:!1})],J.prototype,"route",2),i([p({attribute:!1})],J.prototype,"panel",2),i([a()],J.prototype,"app",2),i([a()],J.prototype,"news",2),i([a()],J.prototype,"texts",2),i([a()],J.prototype,"toastText",2),i([a()],J.prototype,"error",2),i([a()],J.prototype,"outdated",2);c("camguard-panel",J);
