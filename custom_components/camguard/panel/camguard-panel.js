var D3=Object.defineProperty;var _3=Object.getOwnPropertyDescriptor;var i=(M,V,C,H)=>{for(var L=H>1?void 0:H?_3(V,C):V,e=M.length-1,r;e>=0;e--)(r=M[e])&&(L=(H?r(V,C,L):r(L))||L);return H&&L&&D3(V,C,L),L};var r2=globalThis,t2=r2.ShadowRoot&&(r2.ShadyCSS===void 0||r2.ShadyCSS.nativeShadow)&&"adoptedStyleSheets"in Document.prototype&&"replace"in CSSStyleSheet.prototype,E2=Symbol(),P5=new WeakMap,N1=class{constructor(V,C,H){if(this._$cssResult$=!0,H!==E2)throw Error("CSSResult is not constructable. Use `unsafeCSS` or `css` instead.");this.cssText=V,this.t=C}get styleSheet(){let V=this.o,C=this.t;if(t2&&V===void 0){let H=C!==void 0&&C.length===1;H&&(V=P5.get(C)),V===void 0&&((this.o=V=new CSSStyleSheet).replaceSync(this.cssText),H&&P5.set(C,V))}return V}toString(){return this.cssText}},B5=M=>new N1(typeof M=="string"?M:M+"",void 0,E2),x=(M,...V)=>{let C=M.length===1?M[0]:V.reduce((H,L,e)=>H+(r=>{if(r._$cssResult$===!0)return r.cssText;if(typeof r=="number")return r;throw Error("Value passed to 'css' function must be a 'css' function result: "+r+". Use 'unsafeCSS' to pass non-literal values, but take care to ensure page security.")})(L)+M[e+1],M[0]);return new N1(C,M,E2)},$5=(M,V)=>{if(t2)M.adoptedStyleSheets=V.map(C=>C instanceof CSSStyleSheet?C:C.styleSheet);else for(let C of V){let H=document.createElement("style"),L=r2.litNonce;L!==void 0&&H.setAttribute("nonce",L),H.textContent=C.cssText,M.appendChild(H)}},D2=t2?M=>M:M=>M instanceof CSSStyleSheet?(V=>{let C="";for(let H of V.cssRules)C+=H.cssText;return B5(C)})(M):M;var{is:N3,defineProperty:z3,getOwnPropertyDescriptor:I3,getOwnPropertyNames:W3,getOwnPropertySymbols:U3,getPrototypeOf:G3}=Object,i2=globalThis,T5=i2.trustedTypes,Q3=T5?T5.emptyScript:"",K3=i2.reactiveElementPolyfillSupport,z1=(M,V)=>M,I1={toAttribute(M,V){switch(V){case Boolean:M=M?Q3:null;break;case Object:case Array:M=M==null?M:JSON.stringify(M)}return M},fromAttribute(M,V){let C=M;switch(V){case Boolean:C=M!==null;break;case Number:C=M===null?null:Number(M);break;case Object:case Array:try{C=JSON.parse(M)}catch{C=null}}return C}},o2=(M,V)=>!N3(M,V),R5={attribute:!0,type:String,converter:I1,reflect:!1,useDefault:!1,hasChanged:o2};Symbol.metadata??=Symbol("metadata"),i2.litPropertyMetadata??=new WeakMap;var i1=class extends HTMLElement{static addInitializer(V){this._$Ei(),(this.l??=[]).push(V)}static get observedAttributes(){return this.finalize(),this._$Eh&&[...this._$Eh.keys()]}static createProperty(V,C=R5){if(C.state&&(C.attribute=!1),this._$Ei(),this.prototype.hasOwnProperty(V)&&((C=Object.create(C)).wrapped=!0),this.elementProperties.set(V,C),!C.noAccessor){let H=Symbol(),L=this.getPropertyDescriptor(V,H,C);L!==void 0&&z3(this.prototype,V,L)}}static getPropertyDescriptor(V,C,H){let{get:L,set:e}=I3(this.prototype,V)??{get(){return this[C]},set(r){this[C]=r}};return{get:L,set(r){let o=L?.call(this);e?.call(this,r),this.requestUpdate(V,o,H)},configurable:!0,enumerable:!0}}static getPropertyOptions(V){return this.elementProperties.get(V)??R5}static _$Ei(){if(this.hasOwnProperty(z1("elementProperties")))return;let V=G3(this);V.finalize(),V.l!==void 0&&(this.l=[...V.l]),this.elementProperties=new Map(V.elementProperties)}static finalize(){if(this.hasOwnProperty(z1("finalized")))return;if(this.finalized=!0,this._$Ei(),this.hasOwnProperty(z1("properties"))){let C=this.properties,H=[...W3(C),...U3(C)];for(let L of H)this.createProperty(L,C[L])}let V=this[Symbol.metadata];if(V!==null){let C=litPropertyMetadata.get(V);if(C!==void 0)for(let[H,L]of C)this.elementProperties.set(H,L)}this._$Eh=new Map;for(let[C,H]of this.elementProperties){let L=this._$Eu(C,H);L!==void 0&&this._$Eh.set(L,C)}this.elementStyles=this.finalizeStyles(this.styles)}static finalizeStyles(V){let C=[];if(Array.isArray(V)){let H=new Set(V.flat(1/0).reverse());for(let L of H)C.unshift(D2(L))}else V!==void 0&&C.push(D2(V));return C}static _$Eu(V,C){let H=C.attribute;return H===!1?void 0:typeof H=="string"?H:typeof V=="string"?V.toLowerCase():void 0}constructor(){super(),this._$Ep=void 0,this.isUpdatePending=!1,this.hasUpdated=!1,this._$Em=null,this._$Ev()}_$Ev(){this._$ES=new Promise(V=>this.enableUpdating=V),this._$AL=new Map,this._$E_(),this.requestUpdate(),this.constructor.l?.forEach(V=>V(this))}addController(V){(this._$EO??=new Set).add(V),this.renderRoot!==void 0&&this.isConnected&&V.hostConnected?.()}removeController(V){this._$EO?.delete(V)}_$E_(){let V=new Map,C=this.constructor.elementProperties;for(let H of C.keys())this.hasOwnProperty(H)&&(V.set(H,this[H]),delete this[H]);V.size>0&&(this._$Ep=V)}createRenderRoot(){let V=this.shadowRoot??this.attachShadow(this.constructor.shadowRootOptions);return $5(V,this.constructor.elementStyles),V}connectedCallback(){this.renderRoot??=this.createRenderRoot(),this.enableUpdating(!0),this._$EO?.forEach(V=>V.hostConnected?.())}enableUpdating(V){}disconnectedCallback(){this._$EO?.forEach(V=>V.hostDisconnected?.())}attributeChangedCallback(V,C,H){this._$AK(V,H)}_$ET(V,C){let H=this.constructor.elementProperties.get(V),L=this.constructor._$Eu(V,H);if(L!==void 0&&H.reflect===!0){let e=(H.converter?.toAttribute!==void 0?H.converter:I1).toAttribute(C,H.type);this._$Em=V,e==null?this.removeAttribute(L):this.setAttribute(L,e),this._$Em=null}}_$AK(V,C){let H=this.constructor,L=H._$Eh.get(V);if(L!==void 0&&this._$Em!==L){let e=H.getPropertyOptions(L),r=typeof e.converter=="function"?{fromAttribute:e.converter}:e.converter?.fromAttribute!==void 0?e.converter:I1;this._$Em=L;let o=r.fromAttribute(C,e.type);this[L]=o??this._$Ej?.get(L)??o,this._$Em=null}}requestUpdate(V,C,H,L=!1,e){if(V!==void 0){let r=this.constructor;if(L===!1&&(e=this[V]),H??=r.getPropertyOptions(V),!((H.hasChanged??o2)(e,C)||H.useDefault&&H.reflect&&e===this._$Ej?.get(V)&&!this.hasAttribute(r._$Eu(V,H))))return;this.C(V,C,H)}this.isUpdatePending===!1&&(this._$ES=this._$EP())}C(V,C,{useDefault:H,reflect:L,wrapped:e},r){H&&!(this._$Ej??=new Map).has(V)&&(this._$Ej.set(V,r??C??this[V]),e!==!0||r!==void 0)||(this._$AL.has(V)||(this.hasUpdated||H||(C=void 0),this._$AL.set(V,C)),L===!0&&this._$Em!==V&&(this._$Eq??=new Set).add(V))}async _$EP(){this.isUpdatePending=!0;try{await this._$ES}catch(C){Promise.reject(C)}let V=this.scheduleUpdate();return V!=null&&await V,!this.isUpdatePending}scheduleUpdate(){return this.performUpdate()}performUpdate(){if(!this.isUpdatePending)return;if(!this.hasUpdated){if(this.renderRoot??=this.createRenderRoot(),this._$Ep){for(let[L,e]of this._$Ep)this[L]=e;this._$Ep=void 0}let H=this.constructor.elementProperties;if(H.size>0)for(let[L,e]of H){let{wrapped:r}=e,o=this[L];r!==!0||this._$AL.has(L)||o===void 0||this.C(L,void 0,e,o)}}let V=!1,C=this._$AL;try{V=this.shouldUpdate(C),V?(this.willUpdate(C),this._$EO?.forEach(H=>H.hostUpdate?.()),this.update(C)):this._$EM()}catch(H){throw V=!1,this._$EM(),H}V&&this._$AE(C)}willUpdate(V){}_$AE(V){this._$EO?.forEach(C=>C.hostUpdated?.()),this.hasUpdated||(this.hasUpdated=!0,this.firstUpdated(V)),this.updated(V)}_$EM(){this._$AL=new Map,this.isUpdatePending=!1}get updateComplete(){return this.getUpdateComplete()}getUpdateComplete(){return this._$ES}shouldUpdate(V){return!0}update(V){this._$Eq&&=this._$Eq.forEach(C=>this._$ET(C,this[C])),this._$EM()}updated(V){}firstUpdated(V){}};i1.elementStyles=[],i1.shadowRootOptions={mode:"open"},i1[z1("elementProperties")]=new Map,i1[z1("finalized")]=new Map,K3?.({ReactiveElement:i1}),(i2.reactiveElementVersions??=[]).push("2.1.2");var N2=globalThis,F5=M=>M,a2=N2.trustedTypes,E5=a2?a2.createPolicy("lit-html",{createHTML:M=>M}):void 0,z2="$lit$",o1=`lit$${Math.random().toFixed(9).slice(2)}$`,I2="?"+o1,q3=`<${I2}>`,Z1=document,U1=()=>Z1.createComment(""),G1=M=>M===null||typeof M!="object"&&typeof M!="function",W2=Array.isArray,W5=M=>W2(M)||typeof M?.[Symbol.iterator]=="function",_2=`[ 	
\f\r]`,W1=/<(?:(!--|\/[^a-zA-Z])|(\/?[a-zA-Z][^>\s]*)|(\/?$))/g,D5=/-->/g,_5=/>/g,c1=RegExp(`>|${_2}(?:([^\\s"'>=/]+)(${_2}*=${_2}*(?:[^ 	
\f\r"'\`<>=]|("|')|))|$)`,"g"),N5=/'/g,z5=/"/g,U5=/^(?:script|style|textarea|title)$/i,U2=M=>(V,...C)=>({_$litType$:M,strings:V,values:C}),t=U2(1),z=U2(2),K0=U2(3),a1=Symbol.for("lit-noChange"),P=Symbol.for("lit-nothing"),I5=new WeakMap,u1=Z1.createTreeWalker(Z1,129);function G5(M,V){if(!W2(M)||!M.hasOwnProperty("raw"))throw Error("invalid template strings array");return E5!==void 0?E5.createHTML(V):V}var Q5=(M,V)=>{let C=M.length-1,H=[],L,e=V===2?"<svg>":V===3?"<math>":"",r=W1;for(let o=0;o<C;o++){let a=M[o],l,f,m=-1,h=0;for(;h<a.length&&(r.lastIndex=h,f=r.exec(a),f!==null);)h=r.lastIndex,r===W1?f[1]==="!--"?r=D5:f[1]!==void 0?r=_5:f[2]!==void 0?(U5.test(f[2])&&(L=RegExp("</"+f[2],"g")),r=c1):f[3]!==void 0&&(r=c1):r===c1?f[0]===">"?(r=L??W1,m=-1):f[1]===void 0?m=-2:(m=r.lastIndex-f[2].length,l=f[1],r=f[3]===void 0?c1:f[3]==='"'?z5:N5):r===z5||r===N5?r=c1:r===D5||r===_5?r=W1:(r=c1,L=void 0);let g=r===c1&&M[o+1].startsWith("/>")?" ":"";e+=r===W1?a+q3:m>=0?(H.push(l),a.slice(0,m)+z2+a.slice(m)+o1+g):a+o1+(m===-2?o:g)}return[G5(M,e+(M[C]||"<?>")+(V===2?"</svg>":V===3?"</math>":"")),H]},Q1=class M{constructor({strings:V,_$litType$:C},H){let L;this.parts=[];let e=0,r=0,o=V.length-1,a=this.parts,[l,f]=Q5(V,C);if(this.el=M.createElement(l,H),u1.currentNode=this.el.content,C===2||C===3){let m=this.el.content.firstChild;m.replaceWith(...m.childNodes)}for(;(L=u1.nextNode())!==null&&a.length<o;){if(L.nodeType===1){if(L.hasAttributes())for(let m of L.getAttributeNames())if(m.endsWith(z2)){let h=f[r++],g=L.getAttribute(m).split(o1),$=/([.?@])?(.*)/.exec(h);a.push({type:1,index:e,name:$[2],strings:g,ctor:$[1]==="."?d2:$[1]==="?"?p2:$[1]==="@"?n2:h1}),L.removeAttribute(m)}else m.startsWith(o1)&&(a.push({type:6,index:e}),L.removeAttribute(m));if(U5.test(L.tagName)){let m=L.textContent.split(o1),h=m.length-1;if(h>0){L.textContent=a2?a2.emptyScript:"";for(let g=0;g<h;g++)L.append(m[g],U1()),u1.nextNode(),a.push({type:2,index:++e});L.append(m[h],U1())}}}else if(L.nodeType===8)if(L.data===I2)a.push({type:2,index:e});else{let m=-1;for(;(m=L.data.indexOf(o1,m+1))!==-1;)a.push({type:7,index:e}),m+=o1.length-1}e++}}static createElement(V,C){let H=Z1.createElement("template");return H.innerHTML=V,H}};function S1(M,V,C=M,H){if(V===a1)return V;let L=H!==void 0?C._$Co?.[H]:C._$Cl,e=G1(V)?void 0:V._$litDirective$;return L?.constructor!==e&&(L?._$AO?.(!1),e===void 0?L=void 0:(L=new e(M),L._$AT(M,C,H)),H!==void 0?(C._$Co??=[])[H]=L:C._$Cl=L),L!==void 0&&(V=S1(M,L._$AS(M,V.values),L,H)),V}var A2=class{constructor(V,C){this._$AV=[],this._$AN=void 0,this._$AD=V,this._$AM=C}get parentNode(){return this._$AM.parentNode}get _$AU(){return this._$AM._$AU}u(V){let{el:{content:C},parts:H}=this._$AD,L=(V?.creationScope??Z1).importNode(C,!0);u1.currentNode=L;let e=u1.nextNode(),r=0,o=0,a=H[0];for(;a!==void 0;){if(r===a.index){let l;a.type===2?l=new $1(e,e.nextSibling,this,V):a.type===1?l=new a.ctor(e,a.name,a.strings,this,V):a.type===6&&(l=new l2(e,this,V)),this._$AV.push(l),a=H[++o]}r!==a?.index&&(e=u1.nextNode(),r++)}return u1.currentNode=Z1,L}p(V){let C=0;for(let H of this._$AV)H!==void 0&&(H.strings!==void 0?(H._$AI(V,H,C),C+=H.strings.length-2):H._$AI(V[C])),C++}},$1=class M{get _$AU(){return this._$AM?._$AU??this._$Cv}constructor(V,C,H,L){this.type=2,this._$AH=P,this._$AN=void 0,this._$AA=V,this._$AB=C,this._$AM=H,this.options=L,this._$Cv=L?.isConnected??!0}get parentNode(){let V=this._$AA.parentNode,C=this._$AM;return C!==void 0&&V?.nodeType===11&&(V=C.parentNode),V}get startNode(){return this._$AA}get endNode(){return this._$AB}_$AI(V,C=this){V=S1(this,V,C),G1(V)?V===P||V==null||V===""?(this._$AH!==P&&this._$AR(),this._$AH=P):V!==this._$AH&&V!==a1&&this._(V):V._$litType$!==void 0?this.$(V):V.nodeType!==void 0?this.T(V):W5(V)?this.k(V):this._(V)}O(V){return this._$AA.parentNode.insertBefore(V,this._$AB)}T(V){this._$AH!==V&&(this._$AR(),this._$AH=this.O(V))}_(V){this._$AH!==P&&G1(this._$AH)?this._$AA.nextSibling.data=V:this.T(Z1.createTextNode(V)),this._$AH=V}$(V){let{values:C,_$litType$:H}=V,L=typeof H=="number"?this._$AC(V):(H.el===void 0&&(H.el=Q1.createElement(G5(H.h,H.h[0]),this.options)),H);if(this._$AH?._$AD===L)this._$AH.p(C);else{let e=new A2(L,this),r=e.u(this.options);e.p(C),this.T(r),this._$AH=e}}_$AC(V){let C=I5.get(V.strings);return C===void 0&&I5.set(V.strings,C=new Q1(V)),C}k(V){W2(this._$AH)||(this._$AH=[],this._$AR());let C=this._$AH,H,L=0;for(let e of V)L===C.length?C.push(H=new M(this.O(U1()),this.O(U1()),this,this.options)):H=C[L],H._$AI(e),L++;L<C.length&&(this._$AR(H&&H._$AB.nextSibling,L),C.length=L)}_$AR(V=this._$AA.nextSibling,C){for(this._$AP?.(!1,!0,C);V!==this._$AB;){let H=F5(V).nextSibling;F5(V).remove(),V=H}}setConnected(V){this._$AM===void 0&&(this._$Cv=V,this._$AP?.(V))}},h1=class{get tagName(){return this.element.tagName}get _$AU(){return this._$AM._$AU}constructor(V,C,H,L,e){this.type=1,this._$AH=P,this._$AN=void 0,this.element=V,this.name=C,this._$AM=L,this.options=e,H.length>2||H[0]!==""||H[1]!==""?(this._$AH=Array(H.length-1).fill(new String),this.strings=H):this._$AH=P}_$AI(V,C=this,H,L){let e=this.strings,r=!1;if(e===void 0)V=S1(this,V,C,0),r=!G1(V)||V!==this._$AH&&V!==a1,r&&(this._$AH=V);else{let o=V,a,l;for(V=e[0],a=0;a<e.length-1;a++)l=S1(this,o[H+a],C,a),l===a1&&(l=this._$AH[a]),r||=!G1(l)||l!==this._$AH[a],l===P?V=P:V!==P&&(V+=(l??"")+e[a+1]),this._$AH[a]=l}r&&!L&&this.j(V)}j(V){V===P?this.element.removeAttribute(this.name):this.element.setAttribute(this.name,V??"")}},d2=class extends h1{constructor(){super(...arguments),this.type=3}j(V){this.element[this.name]=V===P?void 0:V}},p2=class extends h1{constructor(){super(...arguments),this.type=4}j(V){this.element.toggleAttribute(this.name,!!V&&V!==P)}},n2=class extends h1{constructor(V,C,H,L,e){super(V,C,H,L,e),this.type=5}_$AI(V,C=this){if((V=S1(this,V,C,0)??P)===a1)return;let H=this._$AH,L=V===P&&H!==P||V.capture!==H.capture||V.once!==H.once||V.passive!==H.passive,e=V!==P&&(H===P||L);L&&this.element.removeEventListener(this.name,this,H),e&&this.element.addEventListener(this.name,this,V),this._$AH=V}handleEvent(V){typeof this._$AH=="function"?this._$AH.call(this.options?.host??this.element,V):this._$AH.handleEvent(V)}},l2=class{constructor(V,C,H){this.element=V,this.type=6,this._$AN=void 0,this._$AM=C,this.options=H}get _$AU(){return this._$AM._$AU}_$AI(V){S1(this,V)}},K5={M:z2,P:o1,A:I2,C:1,L:Q5,R:A2,D:W5,V:S1,I:$1,H:h1,N:p2,U:n2,B:d2,F:l2},j3=N2.litHtmlPolyfillSupport;j3?.(Q1,$1),(N2.litHtmlVersions??=[]).push("3.3.3");var q5=(M,V,C)=>{let H=C?.renderBefore??V,L=H._$litPart$;if(L===void 0){let e=C?.renderBefore??null;H._$litPart$=L=new $1(V.insertBefore(U1(),e),e,void 0,C??{})}return L._$AI(M),L};var G2=globalThis,I=class extends i1{constructor(){super(...arguments),this.renderOptions={host:this},this._$Do=void 0}createRenderRoot(){let V=super.createRenderRoot();return this.renderOptions.renderBefore??=V.firstChild,V}update(V){let C=this.render();this.hasUpdated||(this.renderOptions.isConnected=this.isConnected),super.update(V),this._$Do=q5(C,this.renderRoot,this.renderOptions)}connectedCallback(){super.connectedCallback(),this._$Do?.setConnected(!0)}disconnectedCallback(){super.disconnectedCallback(),this._$Do?.setConnected(!1)}render(){return a1}};I._$litElement$=!0,I.finalized=!0,G2.litElementHydrateSupport?.({LitElement:I});var X3=G2.litElementPolyfillSupport;X3?.({LitElement:I});(G2.litElementVersions??=[]).push("4.2.2");var Y3={attribute:!0,type:String,converter:I1,reflect:!1,hasChanged:o2},J3=(M=Y3,V,C)=>{let{kind:H,metadata:L}=C,e=globalThis.litPropertyMetadata.get(L);if(e===void 0&&globalThis.litPropertyMetadata.set(L,e=new Map),H==="setter"&&((M=Object.create(M)).wrapped=!0),e.set(C.name,M),H==="accessor"){let{name:r}=C;return{set(o){let a=V.get.call(this);V.set.call(this,o),this.requestUpdate(r,a,M,!0,o)},init(o){return o!==void 0&&this.C(r,void 0,M,o),o}}}if(H==="setter"){let{name:r}=C;return function(o){let a=this[r];V.call(this,o),this.requestUpdate(r,a,M,!0,o)}}throw Error("Unsupported decorator location: "+H)};function n(M){return(V,C)=>typeof C=="object"?J3(M,V,C):((H,L,e)=>{let r=L.hasOwnProperty(e);return L.constructor.createProperty(e,H),r?Object.getOwnPropertyDescriptor(L,e):void 0})(M,V,C)}function A(M){return n({...M,state:!0,attribute:!1})}var f1=(M,V,C)=>(C.configurable=!0,C.enumerable=!0,Reflect.decorate&&typeof V!="object"&&Object.defineProperty(M,V,C),C);function W(M,V){return(C,H,L)=>{let e=r=>r.renderRoot?.querySelector(M)??null;if(V){let{get:r,set:o}=typeof H=="object"?C:L??(()=>{let a=Symbol();return{get(){return this[a]},set(l){this[a]=l}}})();return f1(C,H,{get(){let a=r.call(this);return a===void 0&&(a=e(this),(a!==null||this.hasUpdated)&&o.call(this,a)),a}})}return f1(C,H,{get(){return e(this)}})}}var m1=class extends Error{constructor(V,C){super(`${V||"message"}: not ${C}`),this.name="ShapeError"}},d=(M,V="")=>{if(typeof M!="string")throw new m1(V,"a text");return M},p=(M,V="")=>{if(typeof M!="number"||!Number.isFinite(M))throw new m1(V,"a number");return M},D=(M,V="")=>{if(typeof M!="boolean")throw new m1(V,"true or false");return M},K1=M=>M,Z=M=>(V,C="")=>V==null?null:M(V,C),w=M=>(V,C="")=>{if(!Array.isArray(V))throw new m1(C,"a list");return V.map((H,L)=>M(H,`${C}[${L}]`))},m2=M=>(V,C="")=>Object.fromEntries(Object.entries(j5(V,C)).map(([H,L])=>[H,M(L,`${C}.${H}`)])),Q2=(...M)=>(V,C="")=>{let H=d(V,C);if(!M.includes(H))throw new m1(C,M.join(", "));return H},v=M=>(V,C="")=>{let H=j5(V,C);return Object.fromEntries(Object.entries(M).map(([L,e])=>[L,e(H[L],`${C}.${L}`)]))};function j5(M,V){if(typeof M!="object"||M===null||Array.isArray(M))throw new m1(V,"an object");return M}var C0=v({clip_id:d,start:p,end:p}),H0=v({camera_id:d,name:d,place:d,entity_id:Z(d),state:d,reason:d,detail:m2(d),last_clip:Z(C0),armed:D,switch:Z(d),private:D,view:d,privacy_switch:Z(d),zones:p,mode:d,clips:p}),V0=v({fault:d,time_zone:d,retention_days:Z(p),overdue:Z(p),altered:Z(p),verifying:Z(p),verified:Z(p),problems:Z(p),wiping:Z(p)}),L0=v({disclosure_id:d,size:p,sent:Z(p),fetched:D,seconds_left:p}),X5=v({version:d,clips:p,running:D,role:Q2("administrator","viewer","none"),cameras:w(H0),site:Z(V0),downloads:w(L0)}),M0=v({kind:d,entity_id:Z(d),reason:Z(d)}),Y5={clip_id:d,camera_id:d,start:p,end:p,size:p,trigger:M0,hold:Z(v({until:p,reason:Z(d)})),expires:Z(p),recovered:D,has_audio:D,clock_error:p,thumbnail:d},e0=v(Y5),J5=v({name:d,points:d}),C3=v({clips:w(e0),total:p}),H3=v({days:w(v({start:p,clips:p}))}),K2=v({clip:v({...Y5,link:d,sha256:d,width:p,height:p,frames:p,camera_name:d,place:d,purpose:d,operator:d,zones:w(J5),frame_rate_lowered:D,adaptive:D,encoder:d,sound:d,end_reason:d,older:Z(d),newer:Z(d)})}),r0=v({clip_id:d,camera_id:d,start:p,end:p,held:D,expires:Z(p)}),t0=v({camera_id:d,start:p,end:Z(p),cause:d}),s2=v({clips:w(r0),gaps:w(t0),shown:p,total:p}),q2=v({name:d,zones:w(J5),revision:d,reference:Z(w(p)),size:Z(w(p)),max_points:p,max_zones:p}),V3=v({image:d,width:p,height:p}),L3=v({image:d,width:p,height:p,covered:p}),M3=v({revision:d}),e3=v({sources:w(v({entity_id:d,name:d})),trigger_domains:w(d)}),r3=v({camera_id:d}),t3=v({parts:w(v({clip_id:d,camera_id:d,clip_start:p,clip_end:p,start:p,end:p,whole:D,size:p}))}),i3=v({disclosure_id:d,form:d,password:Z(d),size:p,seconds_left:p,bundle:d,receipt:d}),o3=v({clips:p,size:p,held:p,oldest:Z(p),newest:Z(p)}),i0=v({seq:p,time:p,event:d,head:d,signed:D,body:Z(m2(K1))}),v2=v({entries:w(i0),more:D,total:p,head:d}),a3=v({link:d}),A3=v({checklist:w(v({clause:d,state:Q2("met","open","later"),facts:m2(K1)})),days:w(v({start:p,clips:p,size:p,held:p})),retention_days:p,storage:v({path:d,used:p,fault:d,min_free:p,free:Z(p),total:Z(p),per_day:Z(p)}),keys:v({split:Z(D),root_path:d,kit_missing:D,kits:p,held:p,holds_due:p}),exposure:w(v({camera_id:d,name:d,entity_id:d,people:w(d),dashboards:w(d),assistants:w(d),automations:w(d),integrations:w(d)}))}),d3=v({disclosure_id:d}),p3=v({certificate_id:d,certificate_link:d,wiped:p,skipped_held:p,failed:p}),n3=v({ok:D,entries:p,head:d,clips_checked:p,problems:w(v({problem:d,message:d,seq:p,clip_id:d,detail:d}))});var q1=class extends Error{constructor(C,H,L={}){super(H);this.key=C;this.placeholders=L;this.name="Refused"}},x2=class{constructor(V){this.transport=V}async call(V,C,H){return H(await this.send({type:`camguard/${V}`,...C}))}async act(V,C,H){let L=await this.send({type:"call_service",domain:"camguard",service:V,service_data:C,return_response:!0});return H(L.response)}async send(V){try{return await this.transport().callWS(V)}catch(C){throw _(C)}}async follow(V,C){let H=L=>{let e;try{e=X5(L)}catch{C();return}V(e)};return this.transport().connection.subscribeMessage(H,{type:"camguard/subscribe"})}};function _(M){if(M instanceof q1)return M;if(typeof M=="object"&&M!==null){let{code:V,message:C,translation_key:H,translation_domain:L,translation_placeholders:e}=M,o=L==="camguard"&&typeof H=="string"?H:typeof V=="string"?V:"",a=Object.fromEntries(Object.entries(e??{}).map(([l,f])=>[l,String(f)]));return new q1(o,typeof C=="string"?C:"",a)}return new q1(M===3?"connection_lost":"","")}function c(M,V){customElements.get(M)||customElements.define(M,V)}var R="M11,15H13V17H11V15M11,7H13V13H11V7M12,2C6.47,2 2,6.5 2,12A10,10 0 0,0 12,22A10,10 0 0,0 22,12A10,10 0 0,0 12,2M12,20A8,8 0 0,1 4,12A8,8 0 0,1 12,4A8,8 0 0,1 20,12A8,8 0 0,1 12,20Z";var j2="M10,21V19H6.41L10.91,14.5L9.5,13.09L5,17.59V14H3V21H10M14.5,10.91L19,6.41V10H21V3H14V5H17.59L13.09,9.5L14.5,10.91Z";var g1="M20,11V13H8L13.5,18.5L12.08,19.92L4.16,12L12.08,4.08L13.5,5.5L8,11H20Z";var O1="M6.03 12.03L8.03 15.5L5.5 18.68L2 12.62L6.03 12.03M17 18V15.29C17.88 14.9 18.5 14.03 18.5 13C18.5 12.43 18.3 11.9 17.97 11.5L19.94 10.35C20.95 9.76 21.3 8.47 20.71 7.46L19.33 5.06C18.74 4.05 17.45 3.7 16.44 4.28L8.31 9C7.36 9.53 7.03 10.75 7.58 11.71L9.08 14.31C9.63 15.26 10.86 15.59 11.81 15.04L13.69 13.96C13.94 14.55 14.41 15.03 15 15.29V18C15 19.1 15.9 20 17 20H22V18H17Z",y1="M20.84 22.73L18.11 20H17C15.9 20 15 19.1 15 18V16.89L12.66 14.55L11.81 15.04C10.86 15.59 9.63 15.26 9.08 14.31L7.58 11.71C7.18 11 7.25 10.18 7.68 9.57L1.11 3L2.39 1.73L22.11 21.46L20.84 22.73M18.5 13C18.5 12.43 18.3 11.9 17.97 11.5L19.94 10.35C20.95 9.76 21.3 8.47 20.71 7.46L19.33 5.06C18.74 4.05 17.45 3.7 16.44 4.28L10.77 7.57L17.86 14.66C18.26 14.22 18.5 13.64 18.5 13M2 12.62L5.5 18.68L8.03 15.5L6.03 12.03L2 12.62Z";var V1="M12 2C6.5 2 2 6.5 2 12S6.5 22 12 22 22 17.5 22 12 17.5 2 12 2M12 20C7.59 20 4 16.41 4 12S7.59 4 12 4 20 7.59 20 12 16.41 20 12 20M16.59 7.58L10 14.17L7.41 11.59L6 13L10 17L18 9L16.59 7.58Z";var X2="M15.41,16.58L10.83,12L15.41,7.41L14,6L8,12L14,18L15.41,16.58Z";var j1="M8.59,16.58L13.17,12L8.59,7.41L10,6L16,12L10,18L8.59,16.58Z";var Y2="M12,2A10,10 0 0,0 2,12A10,10 0 0,0 12,22A10,10 0 0,0 22,12A10,10 0 0,0 12,2Z";var J2="M19,3H14.82C14.4,1.84 13.3,1 12,1C10.7,1 9.6,1.84 9.18,3H5A2,2 0 0,0 3,5V19A2,2 0 0,0 5,21H19A2,2 0 0,0 21,19V5A2,2 0 0,0 19,3M12,3A1,1 0 0,1 13,4A1,1 0 0,1 12,5A1,1 0 0,1 11,4A1,1 0 0,1 12,3M7,7H17V5H19V19H5V5H7V7M7.5,13.5L9,12L11,14L15.5,9.5L17,11L11,17L7.5,13.5Z";var X1="M12,20A8,8 0 0,0 20,12A8,8 0 0,0 12,4A8,8 0 0,0 4,12A8,8 0 0,0 12,20M12,2A10,10 0 0,1 22,12A10,10 0 0,1 12,22C6.47,22 2,17.5 2,12A10,10 0 0,1 12,2M12.5,7V12.25L17,14.92L16.25,16.15L11,13V7H12.5Z";var C5="M19,6.41L17.59,5L12,10.59L6.41,5L5,6.41L10.59,12L5,17.59L6.41,19L12,13.41L17.59,19L19,17.59L13.41,12L19,6.41Z";var H5="M3.05,13H1V11H3.05C3.5,6.83 6.83,3.5 11,3.05V1H13V3.05C17.17,3.5 20.5,6.83 20.95,11H23V13H20.95C20.5,17.17 17.17,20.5 13,20.95V23H11V20.95C6.83,20.5 3.5,17.17 3.05,13M12,5A7,7 0 0,0 5,12A7,7 0 0,0 12,19A7,7 0 0,0 19,12A7,7 0 0,0 12,5Z";var L1="M6,19A2,2 0 0,0 8,21H16A2,2 0 0,0 18,19V7H6V19M8,9H16V19H8V9M15.5,4L14.5,3H9.5L8.5,4H5V6H19V4H15.5Z";var Y1="M5,20H19V18H5M19,9H15V3H9V9H5L12,16L19,9Z";var T1="M2,5.27L3.28,4L20,20.72L18.73,22L15.65,18.92C14.5,19.3 13.28,19.5 12,19.5C7,19.5 2.73,16.39 1,12C1.69,10.24 2.79,8.69 4.19,7.46L2,5.27M12,9A3,3 0 0,1 15,12C15,12.35 14.94,12.69 14.83,13L11,9.17C11.31,9.06 11.65,9 12,9M12,4.5C17,4.5 21.27,7.61 23,12C22.18,14.08 20.79,15.88 19,17.19L17.58,15.76C18.94,14.82 20.06,13.54 20.82,12C19.17,8.64 15.76,6.5 12,6.5C10.91,6.5 9.84,6.68 8.84,7L7.3,5.47C8.74,4.85 10.33,4.5 12,4.5M3.18,12C4.83,15.36 8.24,17.5 12,17.5C12.69,17.5 13.37,17.43 14,17.29L11.72,15C10.29,14.85 9.15,13.71 9,12.28L5.6,8.87C4.61,9.72 3.78,10.78 3.18,12Z",c2="M12,9A3,3 0 0,1 15,12A3,3 0 0,1 12,15A3,3 0 0,1 9,12A3,3 0 0,1 12,9M12,4.5C17,4.5 21.27,7.61 23,12C21.27,16.39 17,19.5 12,19.5C7,19.5 2.73,16.39 1,12C2.73,7.61 7,4.5 12,4.5M3.18,12C4.83,15.36 8.24,17.5 12,17.5C15.76,17.5 19.17,15.36 20.82,12C19.17,8.64 15.76,6.5 12,6.5C8.24,6.5 4.83,8.64 3.18,12Z";var s1="M18,9H16V7H18M18,13H16V11H18M18,17H16V15H18M8,9H6V7H8M8,13H6V11H8M8,17H6V15H8M18,3V5H16V3H8V5H6V3H4V21H6V19H8V21H16V19H18V21H20V3H18Z";var J1="M22 15V16L14 18.5L7 16.6V18H1V7H9L15.2 9.3C16.2 9.7 17 10.8 17 12H19C20.7 12 22 13.3 22 15M5 16V9H3V16H5M19.9 14.6C19.7 14.2 19.4 14 19 14H13.6C13.1 14 12.5 13.9 12 13.8L9.7 13L10.3 11.1L12.7 11.9C13 11.9 15 12 15 12C15 11.6 14.8 11.3 14.4 11.2L8.6 9H7V14.5L14 16.4L19.9 14.6Z";var b1="M11,9H13V7H11M12,20C7.59,20 4,16.41 4,12C4,7.59 7.59,4 12,4C16.41,4 20,7.59 20,12C20,16.41 16.41,20 12,20M12,2A10,10 0 0,0 2,12A10,10 0 0,0 12,22A10,10 0 0,0 22,12A10,10 0 0,0 12,2M11,17H13V11H11V17Z";var V5="M22,18V22H18V19H15V16H12L9.74,13.74C9.19,13.91 8.61,14 8,14A6,6 0 0,1 2,8A6,6 0 0,1 8,2A6,6 0 0,1 14,8C14,8.61 13.91,9.19 13.74,9.74L22,18M7,5A2,2 0 0,0 5,7A2,2 0 0,0 7,9A2,2 0 0,0 9,7A2,2 0 0,0 7,5Z";var L5="M10 13C11.1 13 12 13.89 12 15C12 16.11 11.11 17 10 17S8 16.11 8 15 8.9 13 10 13M18 1C15.24 1 13 3.24 13 6V8H4C2.9 8 2 8.9 2 10V20C2 21.1 2.9 22 4 22H16C17.1 22 18 21.1 18 20V10C18 8.9 17.1 8 16 8H15V6C15 4.34 16.34 3 18 3S21 4.34 21 6V8H23V6C23 3.24 20.76 1 18 1M16 10V20H4V10H16Z",J="M12,17C10.89,17 10,16.1 10,15C10,13.89 10.89,13 12,13A2,2 0 0,1 14,15A2,2 0 0,1 12,17M18,20V10H6V20H18M18,8A2,2 0 0,1 20,10V20A2,2 0 0,1 18,22H6C4.89,22 4,21.1 4,20V10C4,8.89 4.89,8 6,8H7V6A5,5 0 0,1 12,1A5,5 0 0,1 17,6V8H18M12,3A3,3 0 0,0 9,6V8H15V6A3,3 0 0,0 12,3Z";var M5="M15.5,14H14.71L14.43,13.73C15.41,12.59 16,11.11 16,9.5A6.5,6.5 0 0,0 9.5,3A6.5,6.5 0 0,0 3,9.5A6.5,6.5 0 0,0 9.5,16C11.11,16 12.59,15.41 13.73,14.43L14,14.71V15.5L19,20.5L20.5,19L15.5,14M9.5,14C7,14 5,12 5,9.5C5,7 7,5 9.5,5C12,5 14,7 14,9.5C14,12 12,14 9.5,14M7,9H12V10H7V9Z";var e5="M15.5,14L20.5,19L19,20.5L14,15.5V14.71L13.73,14.43C12.59,15.41 11.11,16 9.5,16A6.5,6.5 0 0,1 3,9.5A6.5,6.5 0 0,1 9.5,3A6.5,6.5 0 0,1 16,9.5C16,11.11 15.41,12.59 14.43,13.73L14.71,14H15.5M9.5,14C12,14 14,12 14,9.5C14,7 12,5 9.5,5C7,5 5,7 5,9.5C5,12 7,14 9.5,14M12,10H10V12H9V10H7V9H9V7H10V9H12V10Z";var r5="M3,6H21V8H3V6M3,11H21V13H3V11M3,16H21V18H3V16Z";var w1="M17,4V10L15,8L13,10V4H9V20H19V4H17M3,7V5H5V4C5,2.89 5.9,2 7,2H19C20.05,2 21,2.95 21,4V20C21,21.05 20.05,22 19,22H7C5.95,22 5,21.05 5,20V19H3V17H5V13H3V11H5V7H3M5,5V7H7V5H5M5,19H7V17H5V19M5,13H7V11H5V13Z";var t5="M8,5.14V19.14L19,12.14L8,5.14Z";var C2="M19,13H13V19H11V13H5V11H11V5H13V11H19V13Z";var H2="M19 8C20.66 8 22 9.34 22 11V17H18V21H6V17H2V11C2 9.34 3.34 8 5 8H6V3H18V8H19M8 5V8H16V5H8M16 19V15H8V19H16M18 15H20V11C20 10.45 19.55 10 19 10H5C4.45 10 4 10.45 4 11V15H6V13H18V15M19 11.5C19 12.05 18.55 12.5 18 12.5C17.45 12.5 17 12.05 17 11.5C17 10.95 17.45 10.5 18 10.5C18.55 10.5 19 10.95 19 11.5Z";var i5="M12.5,5A7.5,7.5 0 0,0 5,12.5A7.5,7.5 0 0,0 12.5,20A7.5,7.5 0 0,0 20,12.5A7.5,7.5 0 0,0 12.5,5M7,10H9A1,1 0 0,1 10,11V12C10,12.5 9.62,12.9 9.14,12.97L10.31,15H9.15L8,13V15H7M12,10H14V11H12V12H14V13H12V14H14V15H12A1,1 0 0,1 11,14V11A1,1 0 0,1 12,10M16,10H18V11H16V14H18V15H16A1,1 0 0,1 15,14V11A1,1 0 0,1 16,10M8,11V12H9V11";var o5="M4,6V19H20V6H4M18,17H6V8H18V17Z";var a5="M18.4,10.6C16.55,9 14.15,8 11.5,8C6.85,8 2.92,11.03 1.54,15.22L3.9,16C4.95,12.81 7.95,10.5 11.5,10.5C13.45,10.5 15.23,11.22 16.62,12.38L13,16H22V7L18.4,10.6Z";var A5="M21,11C21,16.55 17.16,21.74 12,23C6.84,21.74 3,16.55 3,11V5L12,1L21,5V11M12,21C15.75,20 19,15.54 19,11.22V6.3L12,3.18L5,6.3V11.22C5,15.54 8.25,20 12,21M10,17L6,13L7.41,11.59L10,14.17L16.59,7.58L18,9";var d5="M16,18H18V6H16M6,18L14.5,12L6,6V18Z";var p5="M6,18V6H8V18H6M9.5,12L18,6V18L9.5,12Z";var n5="M19,5V19H16V5M14,5V19L3,12";var l5="M5,5V19H8V5M10,5V19L21,12";var m5="M12.5,8C9.85,8 7.45,9 5.6,10.6L2,7V16H11L7.38,12.38C8.77,11.22 10.54,10.5 12.5,10.5C16.04,10.5 19.05,12.81 20.1,16L22.47,15.22C21.08,11.03 17.15,8 12.5,8Z";var V2="M2,2V8H4.28L5.57,16H4V22H10V20.06L15,20.05V22H21V16H19.17L20,9H22V3H16V6.53L14.8,8H9.59L8,5.82V2M4,4H6V6H4M18,5H20V7H18M6.31,8H7.11L9,10.59V14H15V10.91L16.57,9H18L17.16,16H15V18.06H10V16H7.6M11,10H13V12H11M6,18H8V20H6M17,18H19V20H17";var u2=class extends I{constructor(){super(...arguments);this.path=""}static{this.styles=x`
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
  `}render(){return z`<svg viewBox="0 0 24 24" aria-hidden="true" focusable="false"><path d=${this.path}></path></svg>`}};i([n()],u2.prototype,"path",2);c("cg-icon",u2);function G(M){return t`<div class="empty" role="status">
    <progress aria-label=${M.texts.t("common.loading")}></progress>
    <p>${M.texts.t("common.loading")}</p>
  </div>`}function Q(M,V,C=""){return t`<div class="empty">
    <cg-icon .path=${M}></cg-icon>
    <h3>${V}</h3>
    <p>${C}</p>
  </div>`}function k(M,V,C){return t`<div class="notice error" role="alert">
    <cg-icon .path=${R}></cg-icon>
    <div class="grow">
      <p>${M.texts.refusal(_(V))}</p>
      ${C?t`<button class="tonal" @click=${C}>${M.texts.t("common.again")}</button>`:""}
    </div>
  </div>`}function O(M,V,C=""){return t`<div class="notice ${C}">
    <cg-icon .path=${M}></cg-icon>
    <div class="grow">${V}</div>
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
`;function b(M,V=!1){V?history.replaceState(null,"",M):history.pushState(null,"",M),window.dispatchEvent(new CustomEvent("location-changed",{detail:{replace:V}}))}var Z2=class{constructor(V,C){this.language=V;this.zone=C;this.cache=new Map}time(V,C=!1){return this.date(V,{hour:"2-digit",minute:"2-digit",...C?{second:"2-digit"}:{},hourCycle:"h23"})}day(V){return this.date(V,{weekday:"long",year:"numeric",month:"long",day:"numeric"})}shortDay(V){return this.date(V,{year:"numeric",month:"short",day:"numeric"})}dayOfMonth(V){return this.date(V,{month:"numeric",day:"numeric"})}moment(V){return`${this.shortDay(V)} ${this.time(V,!0)}`}length(V){let C=Math.max(Math.round(V),0),[H,L]=[Math.floor(C/3600),Math.floor(C/60)%60],e=r=>String(r).padStart(2,"0");return H?`${H}:${e(L)}:${e(C%60)}`:`${L}:${e(C%60)}`}size(V){let C=["byte","kilobyte","megabyte","gigabyte","terabyte"],H=V<1e3?0:Math.min(Math.floor(Math.log10(V)/3),C.length-1),L=V/1e3**H;return new Intl.NumberFormat(this.language,{style:"unit",unit:C[H],maximumFractionDigits:L<10&&H?1:0}).format(L)}number(V){return new Intl.NumberFormat(this.language).format(V)}percent(V,C=0){return new Intl.NumberFormat(this.language,{style:"percent",maximumFractionDigits:C}).format(V)}relative(V,C){let H=V-C,L=[["day",86400],["hour",3600],["minute",60],["second",1]],[e,r]=L.find(([,o])=>Math.abs(H)>=o)??["second",1];return new Intl.RelativeTimeFormat(this.language,{numeric:"auto"}).format(Math.trunc(H/r),e)}date(V,C){let H=JSON.stringify(C),L=this.cache.get(H);return L||(L=new Intl.DateTimeFormat(this.language,{...C,timeZone:this.zone}),this.cache.set(H,L)),L.format(new Date(V*1e3))}};var s5=["cameras","clips","disclose","wipe","ledger","overview"],l3=["cameras","clips"];function m3(M,V){let[C="",H="",L=""]=M.split("/").filter(Boolean).map(decodeURIComponent);return{page:s5.includes(C)?C:"cameras",id:H,part:L,query:new URLSearchParams(V)}}function y(M,V="",C="",H={}){let L=[M,V,C].filter(Boolean).map(encodeURIComponent).join("/"),e=new URLSearchParams(H).toString();return`/camguard/${L}${e?`?${e}`:""}`}function s3(M){let V=(M.get("t")??"").split(":").reduce((C,H)=>C*60+Number(H||NaN),0);return Number.isFinite(V)&&V>0?V:0}function o0(M,V){let[C="",H]=M.split("|");return(H===void 0||Number(V.count)===1?C:H).replace(/\{(\w+)\}/g,(e,r)=>String(V[r]??""))}var S2=class{constructor(V,C){this.language=V;this.resources=C;this.t=(V,C={})=>this.raw(`config_panel.${V}`,C)??V.replace(/^.*\./,"").replaceAll("_"," ")}has(V){return`component.camguard.config_panel.${V}`in this.resources}fault(V,C={}){return V?this.raw(`exceptions.${V}.message`,C):null}refusal(V){return V.key==="connection_lost"?this.t("common.offline"):this.fault(V.key,V.placeholders)??(V.message||this.t("common.failed"))}raw(V,C){let H=this.resources[`component.camguard.${V}`];return H===void 0?null:o0(H,C)}};var A1=M=>M.news.role==="administrator";var S=class extends I{static{this.styles=u}t(V,C={}){return this.app.texts.t(V,C)}emit(V,C){this.dispatchEvent(new CustomEvent(V,{detail:C,bubbles:!0,composed:!0}))}};i([n({attribute:!1})],S.prototype,"app",2);var a0="ha-camera-stream",C1=class extends S{constructor(){super(...arguments);this.well=!1;this.private=!1;this.beat=0;this.name="";this.shown="";this.failed=!1;this.playing=!1;this.pause=()=>this.requestUpdate()}static{this.styles=[u,x`
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
    `]}connectedCallback(){super.connectedCallback(),document.addEventListener("visibilitychange",this.pause)}disconnectedCallback(){super.disconnectedCallback(),document.removeEventListener("visibilitychange",this.pause),this.playing=!1}willUpdate(C){C.has("well")&&!this.well&&(this.playing=!1)}updated(C){let H=this.picture;H||(this.shown="");let L=C.has("entity")||C.has("beat")||C.has("well")||C.has("private");if(!H||this.playing||!L)return;let e=new Image;e.onload=()=>{this.shown=e.src,this.failed=!1},e.onerror=()=>this.failed=!0,e.src=`${H}&width=720&t=${Date.now()}`}get picture(){let C=this.entity?.attributes.entity_picture;return(this.well||this.private)&&typeof C=="string"?C:""}render(){return t`<div class="frame">${this.playing&&!document.hidden?this.live():this.still()}</div>`}live(){let C=this.t("cameras.live_of",{camera:this.name}),H=customElements.get(a0)?t`<ha-camera-stream
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
        <cg-icon .path=${C5}></cg-icon>
      </button>`}still(){let C=this.picture;if(!this.shown||!C){let H=C&&!this.failed?"common.loading":"cameras.no_picture";return t`<span class="away"
        ><cg-icon .path=${C?O1:y1}></cg-icon>${this.t(H)}</span
      >`}return t`<img src=${this.shown} alt=${this.t("cameras.picture_of",{camera:this.name})} />${this.well?t`<button
            @click=${()=>this.playing=!0}
            aria-label=${`${this.t("cameras.live")}: ${this.name}`}
            title=${this.t("cameras.live")}
          >
            <cg-icon .path=${t5}></cg-icon>
          </button>`:P}`}};i([n({attribute:!1})],C1.prototype,"hass",2),i([n({attribute:!1})],C1.prototype,"entity",2),i([n({type:Boolean})],C1.prototype,"well",2),i([n({type:Boolean})],C1.prototype,"private",2),i([n({type:Number})],C1.prototype,"beat",2),i([n()],C1.prototype,"name",2),i([A()],C1.prototype,"shown",2),i([A()],C1.prototype,"failed",2),i([A()],C1.prototype,"playing",2);c("cg-live",C1);var A0=1e4,R1=class extends S{constructor(){super(...arguments);this.beat=0;this.busy=new Set;this.timer=0}static{this.styles=[u,x`
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
    `]}connectedCallback(){super.connectedCallback(),this.timer=window.setInterval(()=>{document.hidden||this.beat++},A0)}disconnectedCallback(){super.disconnectedCallback(),window.clearInterval(this.timer)}shouldUpdate(C){if(C.size>1||!C.has("hass"))return!0;let H=C.get("hass");return this.app.news.cameras.some(({entity_id:L})=>L!==null&&H?.states[L]!==this.hass.states[L])}render(){let C=this.app.news.cameras,H=A1(this.app),L=t`<button class="filled" @click=${()=>b(y("cameras","add"))}>
      <cg-icon .path=${C2}></cg-icon>${this.t("cameras.add")}
    </button>`;return C.length===0?t`<div class="page">
        ${Q(O1,this.t("cameras.none"),H?t`${this.t("cameras.none_hint")}<br /><br />${L}`:"")}
      </div>`:t`<div class="page">
      ${H?t`<div class="top">${L}</div>`:""}
      <div class="grid">${C.map(e=>this.card(e,H))}</div>
    </div>`}card(C,H){let L=C.entity_id?this.hass.states[C.entity_id]:void 0,e=["streaming","recording","finishing"].includes(C.state)&&!C.reason,r=C.view?"bad":e?"good":"bad",o=this.app.texts.fault(C.reason,C.detail);return t`<section class="card" aria-label=${C.name} data-camera=${C.camera_id}>
      <cg-live
        .app=${this.app}
        .hass=${this.hass}
        .entity=${L}
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
            .path=${C.private?T1:Y2}
          ></cg-icon>
          ${C.private?this.t("cameras.privacy"):this.t(`cameras.state_${C.state}`)}${C.armed||C.private?"":` · ${this.t("cameras.disarmed")}`}
        </p>
        ${C.private?t`<p class="secondary">${this.t("cameras.privacy_hint")}</p>`:o&&!e?t`<p class="secondary">${o}</p>`:C.view?t`<p class="secondary">${this.t(`cameras.view_${C.view}`)}</p>`:""}
        <p class="secondary">
          ${C.last_clip?t`<a
                  href=${y("clips",C.last_clip.clip_id)}
                  @click=${a=>{a.preventDefault(),b(y("clips",C.last_clip?.clip_id))}}
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
          @change=${L=>{this.turn(C.switch,C.armed,L.target)}}
        />
        ${this.t("cameras.armed")}
      </label>
      <label class="switch">
        <input
          type="checkbox"
          role="switch"
          .checked=${C.private}
          ?disabled=${C.privacy_switch===null}
          @change=${L=>{this.turn(C.privacy_switch,C.private,L.target)}}
        />
        ${this.t("cameras.privacy")}
      </label>
      <span class="break"></span>
      <button
        ?disabled=${H||!C.armed||C.private}
        @click=${()=>{this.record(C)}}
        aria-label=${`${this.t("cameras.record")}: ${C.name}`}
      >
        <cg-icon .path=${i5}></cg-icon>${H?this.t("cameras.starting"):this.t("cameras.record")}
      </button>
      <button
        @click=${()=>b(y("cameras",C.camera_id,"zones"))}
        aria-label=${`${this.zonesOf(C)}: ${C.name}`}
      >
        <cg-icon .path=${V2}></cg-icon>${this.zonesOf(C)}
      </button>
    </div>`}zonesOf(C){return C.zones?this.t("cameras.zones",{count:C.zones}):this.t("cameras.zones_none")}async turn(C,H,L){try{await this.hass.callService("switch",L.checked?"turn_on":"turn_off",{entity_id:C})}catch(e){this.app.toast(e),L.checked=H}}async record(C){this.busy=new Set([...this.busy,C.camera_id]);try{await this.app.client.send({type:"call_service",domain:"camguard",service:"record",service_data:{duration:30},target:{entity_id:C.entity_id},return_response:!0}),this.app.toast(this.t("cameras.recording_begun",{camera:C.name}))}catch(H){this.app.toast(H)}this.busy=new Set([...this.busy].filter(H=>H!==C.camera_id))}};i([n({attribute:!1})],R1.prototype,"hass",2),i([A()],R1.prototype,"beat",2),i([A()],R1.prototype,"busy",2);c("cg-cameras",R1);function F(M,V=0,C=1){return Math.min(Math.max(M,V),C)}function v3(M){return M.trim().split(/\s+/).filter(Boolean).map(V=>{let[C=0,H=0]=V.split(",").map(L=>Number(L)/100);return[F(C),F(H)]})}function x3(M){let V=C=>String(Number((C*100).toFixed(4)));return M.map(([C,H])=>`${V(C)},${V(H)}`).join(" ")}function d0(M){let V=0;return M.forEach(([C,H],L)=>{let[e,r]=d1(M,L+1);V+=C*r-e*H}),Math.abs(V)/2}function p0(M,V,C){let H=!1;return M.forEach(([L,e],r)=>{let[o,a]=d1(M,r+1);e>C!=a>C&&V<(o-L)*(C-e)/(a-e)+L&&(H=!H)}),H}function c3(M){let V=0;for(let C=0;C<128;C++)for(let H=0;H<128;H++){let L=(H+.5)/128,e=(C+.5)/128;M.some(r=>p0(r.points,L,e))&&V++}return V/128**2}function g2(M,V){return M.length<3?"few":M.length>V?"many":n0(M)?"crosses":d0(M)<5e-4?"small":null}function n0(M){if(new Set(M.map(String)).size!==M.length)return!0;let V=M.length;for(let C=0;C<V;C++)for(let H=C+2;H<V;H++)if(!(C===0&&H===V-1)&&l0(d1(M,C),d1(M,C+1),d1(M,H),d1(M,H+1)))return!0;return!1}function v5(M,V,C){return M.map((H,L)=>L===V?[F(C[0]),F(C[1])]:H)}function x5(M,V,C){return[...M.slice(0,V+1),[F(C[0]),F(C[1])],...M.slice(V+1)]}function O2(M,V){return M.length<=3?[...M]:M.filter((C,H)=>H!==V)}function u3(M,V,C){let H=M.map(([o])=>o),L=M.map(([,o])=>o),e=F(V,-Math.min(...H),1-Math.max(...H)),r=F(C,-Math.min(...L),1-Math.max(...L));return M.map(([o,a])=>[o+e,a+r])}function c5(M,V){return[(M[0]+V[0])/2,(M[1]+V[1])/2]}function y2(M,V){let[C,H]=[F(Math.min(M[0],V[0])),F(Math.max(M[0],V[0]))],[L,e]=[F(Math.min(M[1],V[1])),F(Math.max(M[1],V[1]))];return[[C,L],[H,L],[H,e],[C,e]]}function Z3(M){return y2(...{top:[[0,0],[1,.5]],bottom:[[0,.5],[1,1]],left:[[0,0],[.5,1]],right:[[.5,0],[1,1]]}[M])}function d1(M,V){return M[V%M.length]}function h2(M,V,C){return(V[0]-M[0])*(C[1]-M[1])-(V[1]-M[1])*(C[0]-M[0])}function f2(M,V,C){return Math.min(M[0],V[0])<=C[0]&&C[0]<=Math.max(M[0],V[0])&&Math.min(M[1],V[1])<=C[1]&&C[1]<=Math.max(M[1],V[1])}function l0(M,V,C,H){let[L,e,r,o]=[h2(C,H,M),h2(C,H,V),h2(M,V,C),h2(M,V,H)];return L*e<0&&r*o<0?!0:L===0&&f2(C,H,M)||e===0&&f2(C,H,V)||r===0&&f2(M,V,C)||o===0&&f2(M,V,H)}var b2=class{constructor(V,C=200){this.value=V;this.most=C;this.past=[];this.future=[];this.gesture=null}get present(){return this.value}get canUndo(){return this.past.length>0}get canRedo(){return this.future.length>0}push(V,C=null){V!==this.value&&((C===null||C!==this.gesture)&&(this.past.push(this.value),this.past.length>this.most&&this.past.shift()),this.gesture=C,this.future=[],this.value=V)}undo(){let V=this.past.pop();V!==void 0&&(this.future.push(this.value),this.value=V,this.gesture=null)}redo(){let V=this.future.pop();V!==void 0&&(this.past.push(this.value),this.value=V,this.gesture=null)}};var F1=[1,2,4],w2={zoom:1,x:0,y:0};function S3(M,V,C=[.5,.5]){let[H,L]=[(C[0]-M.x)*M.zoom,(C[1]-M.y)*M.zoom];return u5({zoom:V,x:C[0]-H/V,y:C[1]-L/V})}function h3(M,V,C){return u5({...M,x:M.x+V,y:M.y+C})}function f3(M,V){let C=1/M.zoom,H=F(M.x,V[0]-C*.9,V[0]-C*.1),L=F(M.y,V[1]-C*.9,V[1]-C*.1);return u5({...M,x:H,y:L})}function g3(M,V,C){return[M.x+V/M.zoom,M.y+C/M.zoom]}function u5(M){let V=1-1/M.zoom;return{zoom:M.zoom,x:F(M.x,0,V),y:F(M.y,0,V)}}var Z5=7,S5=22,m0=4,s0=2,v0=16,x0=6,T=class extends S{constructor(){super(...arguments);this.picture="";this.width=16;this.height=9;this.blurred=!1;this.zones=[];this.chosen=-1;this.tool="edit";this.view=w2;this.opposite=!1;this.most=64;this.draft=[];this.box=null;this.finger=null;this.boardPx=800;this.gesture=null;this.down=null;this.gestureId=0;this.sized=new ResizeObserver(()=>this.boardPx=this.board.clientWidth||800);this.onDown=C=>{if(C.button>0||this.gesture)return;this.board.setPointerCapture(C.pointerId),this.down={x:C.clientX,y:C.clientY},this.gestureId++;let H=C.target.closest("[data-corner],[data-middle],[data-zone]"),L=this.place(C),e=this.zones[this.chosen];if(this.tool==="rectangle")this.gesture={kind:"rectangle",from:L};else if(this.tool==="corners")this.gesture={kind:"pan",u:C.clientX,v:C.clientY,view:this.view};else if(H?.dataset.corner!==void 0&&e)H.focus(),this.emit("corner",Number(H.dataset.corner)),this.gesture={kind:"corner",index:Number(H.dataset.corner),points:e.points};else if(H?.dataset.middle!==void 0&&e){let r=Number(H.dataset.middle),o=x5(e.points,r,L);this.gesture={kind:"corner",index:r+1,points:o},this.tell(o)}else if(H?.dataset.zone!==void 0){let r=Number(H.dataset.zone);r!==this.chosen&&this.emit("choose",r),this.gesture={kind:"body",from:L,points:this.zones[r]?.points??[]}}else this.gesture={kind:"pan",u:C.clientX,v:C.clientY,view:this.view}};this.onMove=C=>{let H=this.gesture;if(!H||this.isTap(C))return;let L=this.place(C);switch(H.kind){case"corner":this.finger=C.pointerType==="mouse"?null:L,this.tell(v5(H.points,H.index,L));break;case"body":this.tell(u3(H.points,L[0]-H.from[0],L[1]-H.from[1]));break;case"rectangle":this.finger=C.pointerType==="mouse"?null:L,this.box=y2(H.from,L);break;case"pan":{let e=this.board.getBoundingClientRect(),r=(H.u-C.clientX)/e.width/H.view.zoom,o=(H.v-C.clientY)/e.height/H.view.zoom;this.emit("view",h3(H.view,r,o))}}};this.onUp=C=>{let H=this.gesture;this.onCancel(),H&&(H.kind==="rectangle"&&!this.isTap(C)?(this.box=null,this.emit("drawn",y2(H.from,this.place(C)))):this.tool==="corners"&&this.isTap(C)?this.addCorner(this.place(C)):H.kind==="pan"&&this.isTap(C)&&this.emit("choose",-1),this.down=null)};this.onCancel=()=>{this.gesture=null,this.finger=null,this.box=null}}static{this.styles=[u,x`
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
    `]}disconnectedCallback(){super.disconnectedCallback(),this.sized.disconnect()}firstUpdated(){this.sized.observe(this.board)}willUpdate(C){C.has("tool")&&this.cancelDraft()}cancelDraft(){let C=this.draft.length>0||this.box!==null;return this.draft=[],this.box=null,C}undoCorner(){return this.draft.length===0?!1:(this.draft=this.draft.slice(0,-1),!0)}finish(){this.draft.length>=3&&this.emit("drawn",this.draft),this.draft=[]}get corners(){return this.draft.length}render(){let{width:C,height:H}=this,L=1/this.view.zoom,e=`${this.view.x*C} ${this.view.y*H} ${L*C} ${L*H}`,r=this.zones[this.chosen];return t`<div class="frame ${this.opposite?"opposite":""}">
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
        ${this.scene()} ${this.opposite?z`<path class="visible" fill-rule="evenodd" d=${this.complement()} />`:""}
        ${this.draftShape()}
        ${r&&this.tool==="edit"?this.handles(r):""}
      </svg>
      ${this.finger?this.loupe(this.finger):""}
    </div>`}scene(){return z`<image
        class=${this.blurred?"blurred":""}
        href=${this.picture}
        width=${this.width}
        height=${this.height}
        preserveAspectRatio="none"
      />
      ${this.zones.map((C,H)=>z`<polygon
          class="zone ${H===this.chosen?"chosen":""}"
          data-zone=${H}
          points=${this.pixels(C.points)}
        ><title>${C.name}</title></polygon>`)}`}draftShape(){let C=this.box??this.draft;return C.length===0?"":z`<polygon class="draft" points=${this.pixels(C)} />
      ${this.draft.map(([H,L])=>z`<circle class="knob" cx=${H*this.width} cy=${L*this.height} r=${this.px(Z5)} />`)}`}handles(C){let H=C.points.length>=this.most;return z`${H?"":C.points.map((L,e)=>{let[r,o]=c5(L,d1(C.points,e+1));return z`<g data-middle=${e}>
              <circle class="hit" cx=${r*this.width} cy=${o*this.height} r=${this.px(S5*.7)} />
              <circle class="knob mid" cx=${r*this.width} cy=${o*this.height} r=${this.px(Z5*.65)} />
            </g>`})}
    ${C.points.map(([L,e],r)=>z`<g
        tabindex="0"
        role="button"
        data-corner=${r}
        aria-label=${this.t("zones.corner",{number:r+1,zone:C.name,x:Math.round(L*100),y:Math.round(e*100)})}
        @keydown=${o=>this.onKey(o,r)}
        @focus=${()=>this.emit("corner",r)}
      >
        <circle class="hit" cx=${L*this.width} cy=${e*this.height} r=${this.px(S5)} />
        <circle class="knob" cx=${L*this.width} cy=${e*this.height} r=${this.px(Z5)} />
      </g>`)}`}loupe([C,H]){let L=this.width/this.view.zoom/m0/2,[e,r]=[C*this.width,H*this.height],o=(C-this.view.x)*this.view.zoom>.5;return t`<div class="loupe" style=${o?"left: 8px":"right: 8px"}>
      <svg viewBox="${e-L/2} ${r-L/2} ${L} ${L}">
        ${this.scene()}
        ${z`<path
          d="M${e-L/2} ${r}h${L}M${e} ${r-L/2}v${L}"
          stroke="#ffca28"
          vector-effect="non-scaling-stroke"
        />`}
      </svg>
    </div>`}complement(){let C=this.zones.map(H=>`M${H.points.map(([L,e])=>`${L*this.width} ${e*this.height}`).join("L")}Z`);return`M0 0H${this.width}V${this.height}H0Z${C.join("")}`}pixels(C){return C.map(([H,L])=>`${H*this.width},${L*this.height}`).join(" ")}px(C){return C*this.width/this.view.zoom/this.boardPx}place(C){let H=this.board.getBoundingClientRect();return g3(this.view,(C.clientX-H.left)/H.width,(C.clientY-H.top)/H.height)}addCorner(C){let H=this.draft[0],L=(e,r)=>Math.hypot((e[0]-r[0])*this.width,(e[1]-r[1])*this.height)<this.px(S5*.8);H&&this.draft.length>=3&&L(H,C)?this.finish():this.draft.length<this.most&&!this.draft.some(e=>L(e,C))&&(this.draft=[...this.draft,[Math.min(Math.max(C[0],0),1),Math.min(Math.max(C[1],0),1)]],this.emit("drafted",this.draft.length))}isTap(C){return this.down!==null&&Math.hypot(C.clientX-this.down.x,C.clientY-this.down.y)<x0}onKey(C,H){let L=this.zones[this.chosen],e=L?.points[H];if(!L||!e)return;let r=this.px(C.shiftKey?v0:s0),a={ArrowLeft:[-r/this.width,0],ArrowRight:[r/this.width,0],ArrowUp:[0,-r/this.height],ArrowDown:[0,r/this.height]}[C.key];if(a){let l=[e[0]+a[0],e[1]+a[1]];this.emit("points",{points:v5(L.points,H,l),gesture:`key${H}`}),this.emit("view",f3(this.view,l))}else if(C.key==="Delete"||C.key==="Backspace")this.emit("points",{points:O2(L.points,H),gesture:null});else if(C.key==="Insert"&&L.points.length<this.most){let l=c5(e,d1(L.points,H+1));this.emit("points",{points:x5(L.points,H,l),gesture:null})}else return;C.preventDefault(),C.stopPropagation()}tell(C){this.emit("points",{points:C,gesture:this.gestureId})}};i([n()],T.prototype,"picture",2),i([n({type:Number})],T.prototype,"width",2),i([n({type:Number})],T.prototype,"height",2),i([n({type:Boolean})],T.prototype,"blurred",2),i([n({attribute:!1})],T.prototype,"zones",2),i([n({type:Number})],T.prototype,"chosen",2),i([n()],T.prototype,"tool",2),i([n({attribute:!1})],T.prototype,"view",2),i([n({type:Boolean})],T.prototype,"opposite",2),i([n({type:Number})],T.prototype,"most",2),i([W("svg")],T.prototype,"board",2),i([A()],T.prototype,"draft",2),i([A()],T.prototype,"box",2),i([A()],T.prototype,"finger",2),i([A()],T.prototype,"boardPx",2);c("cg-zone-canvas",T);var u0=700,h5=new Map;function k2(M){h5.delete(M)}var B=class extends S{constructor(){super(...arguments);this.target={};this.initial=[];this.mostPoints=64;this.mostZones=32;this.still="";this.chosen=-1;this.corner=-1;this.tool="edit";this.view=w2;this.opposite=!1;this.corners=0;this.asking=!1;this.trouble=null;this.preview=null;this.previewed=null;this.previewing=!1;this.previewTrouble=null;this.timer=0;this.asked=0;this.onKey=C=>{let H=C.composedPath()[0].tagName==="INPUT";(C.ctrlKey||C.metaKey)&&!H&&["z","y","Z"].includes(C.key)?(C.preventDefault(),C.key==="z"?this.undo():this.redo()):C.key==="Escape"?this.tool!=="edit"?this.leaveTool():this.chosen=-1:C.key==="Enter"&&this.tool==="corners"&&this.corners>=3&&!H&&this.canvas?.finish()}}static{this.styles=[u,x`
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
    `]}get key(){return JSON.stringify(this.target)}get zones(){return this.draft.history.present}get seen(){return this.previewed===this.zones?this.preview:null}willUpdate(C){C.has("target")&&JSON.stringify(C.get("target"))!==this.key&&(this.draft=h5.get(this.key)??{history:new b2(this.initial),picture:null},h5.set(this.key,this.draft),this.preview=this.previewed=null,this.draft.picture&&this.lookSoon(),this.tellChange())}disconnectedCallback(){super.disconnectedCallback(),window.clearTimeout(this.timer)}replace(C){this.step(C)}render(){return t`<div class="layout" @keydown=${this.onKey}>
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
                  <cg-icon .path=${c2}></cg-icon>${this.t("zones.reveal")}
                </button>
                <p class="secondary">${this.t("zones.reveal_noted")}</p>`}
        ${this.trouble?k(this.app,this.trouble):""}
      </div>
    </div>`}async reveal(){this.asking=!0,this.trouble=null;try{this.draft.picture=await this.app.client.call("zones/reveal",this.target,V3),this.lookSoon(0),this.tellChange()}catch(C){this.trouble=C}this.asking=!1}board(C){let H=this.draft.history,L=this.tool!=="edit",e=this.zones[this.chosen];return t`<div class="tools" role="toolbar" aria-label=${this.t("zones.tools")}>
        ${this.toolButton("corners",H5,"zones.draw")}
        ${this.toolButton("rectangle",o5,"zones.rectangle")}
        <span class="gap"></span>
        ${this.button(m5,"zones.undo",()=>this.undo(),!H.canUndo&&this.corners===0)}
        ${this.button(a5,"zones.redo",()=>this.redo(),!H.canRedo)}
        ${this.button(M5,"zones.zoom_out",()=>this.zoom(-1),this.view.zoom===F1[0])}
        <span aria-live="polite">×${this.view.zoom}</span>
        ${this.button(e5,"zones.zoom_in",()=>this.zoom(1),this.view.zoom===F1.at(-1))}
        ${this.button(this.opposite?c2:T1,this.opposite?"zones.show_hidden":"zones.show_visible",()=>this.opposite=!this.opposite,!1,this.opposite)}
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
          >${L?this.t(this.tool==="rectangle"?"zones.hint_rectangle":"zones.hint_corners"):this.t(this.chosen>=0?"zones.hint_chosen":"zones.hint_edit")}</span
        >
        ${e&&!L&&this.corner>=0&&this.corner<e.points.length?t`<button ?disabled=${e.points.length<=3} @click=${()=>this.removeCorner(e)}>
                <cg-icon .path=${L1}></cg-icon>${this.t("zones.remove_corner")}
              </button>`:""}
        ${L?t`<button @click=${()=>this.leaveTool()}>${this.t("common.cancel")}</button>
                ${this.tool==="corners"?t`<button
                        class="filled"
                        ?disabled=${this.corners<3}
                        @click=${()=>this.canvas?.finish()}
                      >
                        ${this.t("zones.finish")}
                      </button>`:""}`:""}
      </div>`}toolButton(C,H,L){let e=this.zones.length>=this.mostZones;return t`<button
      class="tonal"
      aria-pressed=${this.tool===C?"true":"false"}
      ?disabled=${e}
      @click=${()=>{this.tool===C?this.leaveTool():(this.tool=C,this.corners=0,this.chosen=-1)}}
    >
      <cg-icon .path=${H}></cg-icon>${this.t(L)}
    </button>`}button(C,H,L,e,r){return t`<button
      class="icon"
      title=${this.t(H)}
      aria-label=${this.t(H)}
      aria-pressed=${r===void 0?"false":String(r)}
      ?disabled=${e}
      @click=${L}
    >
      <cg-icon .path=${C}></cg-icon>
    </button>`}leaveTool(){this.canvas?.cancelDraft(),this.tool="edit",this.corners=0}zoom(C){let H=F1.findIndex(e=>e===this.view.zoom)+C,L=this.zones[this.chosen]?.points[0]??[this.view.x+.5/this.view.zoom,this.view.y+.5/this.view.zoom];this.view=S3(this.view,F1[Math.min(Math.max(H,0),F1.length-1)]??1,L)}list(){let C=this.zones;return t`<div>
      <h3>${this.t("zones.list",{count:C.length})}</h3>
      <p class="secondary">${this.t("zones.covered",{percent:this.app.format.percent(c3(C))})}</p>
      ${C.length===0?t`<p class="secondary">${this.t("zones.none")}</p>`:""}
      <ul>
        ${C.map((H,L)=>this.zoneRow(H,L))}
      </ul>
      ${this.draft.picture?t`<details>
              <summary><cg-icon .path=${C2}></cg-icon>${this.t("zones.shortcuts")}</summary>
              <div>
                ${["top","bottom","left","right"].map(H=>t`<button
                      class="chip"
                      ?disabled=${C.length>=this.mostZones}
                      @click=${()=>this.add(Z3(H))}
                    >
                      ${this.t(`zones.half_${H}`)}
                    </button>`)}
              </div>
            </details>`:""}
    </div>`}zoneRow(C,H){let L=g2(C.points,this.mostPoints);return t`<li ?data-chosen=${H===this.chosen}>
        <button
          class="icon"
          aria-label=${this.t("zones.choose",{zone:C.name})}
          aria-pressed=${H===this.chosen?"true":"false"}
          @click=${()=>{this.leaveTool(),this.chosen=H===this.chosen?-1:H}}
        >
          <cg-icon .path=${V2}></cg-icon>
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
          @click=${()=>{this.chosen=-1,this.step(Z0(this.zones,H))}}
        >
          <cg-icon .path=${L1}></cg-icon>
        </button>
      </li>
      ${L?t`<div class="fault" role="alert">⚠ ${this.t(`zones.fault_${L}`)}</div>`:""}`}add(C){let H=this.t("zones.new_name",{number:this.zones.length+1});this.step([...this.zones,{name:H,points:C}]),this.leaveTool(),this.chosen=this.zones.length-1}rename(C,H){this.step(this.zones.map((L,e)=>e===C?{...L,name:H.trim()||L.name}:L))}removeCorner(C){this.setPoints({points:O2(C.points,this.corner),gesture:null}),this.corner=-1}setPoints({points:C,gesture:H}){this.step(this.zones.map((L,e)=>e===this.chosen?{...L,points:C}:L),H)}step(C,H=null){this.draft.history.push(C,H),this.afterStep()}undo(){if(this.canvas?.undoCorner()){this.corners=this.canvas.corners;return}this.draft.history.undo(),this.afterStep()}redo(){this.draft.history.redo(),this.afterStep()}afterStep(){this.chosen>=this.zones.length&&(this.chosen=-1),this.requestUpdate(),this.tellChange(),this.draft.picture&&this.lookSoon()}tellChange(){let C=this.zones.some(L=>g2(L.points,this.mostPoints)!==null),H=this.draft.picture;this.emit("change",{zones:this.zones,fit:!C&&H!==null&&this.seen!==null,changed:this.draft.history.canUndo,reference:H?[H.width,H.height]:null})}lookSoon(C=u0){window.clearTimeout(this.timer),this.timer=window.setTimeout(()=>{this.look()},C)}async look(){if(this.zones.find(e=>g2(e.points,this.mostPoints)))return;let H=++this.asked,L=this.zones;this.previewing=!0;try{let e=await this.app.client.call("zones/preview",{...this.target,zones:L2(L)},L3);if(H!==this.asked)return;this.preview=e,this.previewed=L,this.previewTrouble=null;let r=this.draft.picture;r&&Math.abs(e.width*r.height-e.height*r.width)>.02*r.width*e.height&&(this.draft.picture=null,this.trouble=_({code:"shape_changed",translation_domain:"camguard",translation_key:"shape_changed"})),this.tellChange()}catch(e){if(H!==this.asked)return;_(e).key==="picture_not_shown"&&(this.draft.picture=null,this.tellChange()),this.previewTrouble=e}finally{H===this.asked&&(this.previewing=!1)}}previewBox(){return t`<div class="preview" aria-busy=${this.previewing?"true":"false"}>
        ${this.preview?t`<img
                src=${`data:image/jpeg;base64,${this.preview.image}`}
                alt=${this.t("zones.preview_alt",{percent:this.app.format.percent(this.preview.covered)})}
              />`:t`<div class="none"><cg-icon .path=${T1}></cg-icon><p>${this.t("zones.preview_none")}</p></div>`}
        ${this.previewing?t`<progress aria-label=${this.t("common.loading")}></progress>`:""}
      </div>
      ${this.previewTrouble?O(R,this.app.texts.refusal(_(this.previewTrouble)),"warning"):""}`}};i([n({attribute:!1})],B.prototype,"target",2),i([n({attribute:!1})],B.prototype,"initial",2),i([n({type:Number})],B.prototype,"mostPoints",2),i([n({type:Number})],B.prototype,"mostZones",2),i([n()],B.prototype,"still",2),i([A()],B.prototype,"draft",2),i([A()],B.prototype,"chosen",2),i([A()],B.prototype,"corner",2),i([A()],B.prototype,"tool",2),i([A()],B.prototype,"view",2),i([A()],B.prototype,"opposite",2),i([A()],B.prototype,"corners",2),i([A()],B.prototype,"asking",2),i([A()],B.prototype,"trouble",2),i([A()],B.prototype,"preview",2),i([A()],B.prototype,"previewing",2),i([A()],B.prototype,"previewTrouble",2),i([W("cg-zone-canvas")],B.prototype,"canvas",2);function L2(M){return M.map(V=>({name:V.name,points:x3(V.points)}))}function Z0(M,V){return M.filter((C,H)=>H!==V)}c("cg-zone-editor",B);var S0=[],N=class extends S{constructor(){super(...arguments);this.choices=null;this.trouble=null;this.step="camera";this.source="";this.place="";this.mode="event";this.triggers=[];this.zones=[];this.reference=null;this.fit=!1;this.stated=!1;this.saving=!1;this.target={};this.seen=""}static{this.styles=[u,x`
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
    `]}connectedCallback(){super.connectedCallback(),this.load()}async load(){await this.updateComplete,this.trouble=null;try{this.choices=await this.app.client.call("cameras/candidates",{},e3),this.choices.sources.length===1&&(this.source=this.choices.sources[0]?.entity_id??"")}catch(C){this.trouble=C}}render(){if(this.trouble&&!this.choices)return t`<div class="page">${k(this.app,this.trouble,()=>{this.load()})}</div>`;if(!this.choices)return G(this.app);let C=["camera","zones","state"];return t`<div class="page ${this.step==="zones"?"":"narrow-page"}">
      <div class="row">
        <button class="icon" aria-label=${this.t("common.back")} @click=${()=>this.back()}>
          <cg-icon .path=${g1}></cg-icon>
        </button>
        <h2>${this.t("add.title")}</h2>
      </div>
      <ol class="steps">
        ${C.map(H=>t`<li aria-current=${H===this.step?"step":"false"} ?data-now=${H===this.step}>
            ${this.t(`add.step_${H}`)}
          </li>`)}
      </ol>
      ${this.step==="camera"?this.cameraStep(this.choices):this.step==="zones"?this.zonesStep():this.stateStep()}
    </div>`}back(){this.step==="camera"?b(y("cameras")):this.step=this.step==="state"?"zones":"camera"}byAddress(){return t`<a href="/config/integrations/integration/camguard">${this.t("add.by_address")}</a>`}cameraStep(C){if(C.sources.length===0)return Q(y1,this.t("add.none"),t`<a class="button tonal" href="/config/integrations/dashboard">${this.t("add.none_hint")}</a><br /><br />${this.byAddress()}`);let H=Object.values(this.app.hass().states).filter(L=>C.trigger_domains.includes(L.entity_id.split(".")[0]??"")).map(L=>({id:L.entity_id,name:typeof L.attributes.friendly_name=="string"?L.attributes.friendly_name:L.entity_id})).sort((L,e)=>L.name.localeCompare(e.name));return t`<div class="card"><div class="card-content stack">
        <label class="field"
          >${this.t("add.source")}
          <select @change=${L=>this.source=L.target.value}>
            <option value="" ?selected=${!this.source}>${this.t("add.choose")}</option>
            ${C.sources.map(L=>t`<option value=${L.entity_id} ?selected=${L.entity_id===this.source}>
                  ${L.name} (${L.entity_id})
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
            @input=${L=>this.place=L.target.value}
          />
        </label>
        <fieldset style="border:0;padding:0;margin:16px 0 0">
          <legend class="secondary">${this.t("add.mode")}</legend>
          ${["event","continuous","continuous_full"].map(L=>t`<label class="check option">
                <input
                  type="radio"
                  name="mode"
                  .checked=${L===this.mode}
                  @change=${()=>this.mode=L}
                />
                <span>${this.t(`add.mode_${L}`)}</span>
              </label>`)}
        </fieldset>
        ${this.mode==="event"?t`<div>
                <p class="secondary">${this.t("add.triggers")}</p>
                <div class="triggers">
                  ${H.map(L=>t`<label class="check">
                        <input
                          type="checkbox"
                          .checked=${this.triggers.includes(L.id)}
                          @change=${e=>{let r=e.target.checked;this.triggers=r?[...this.triggers,L.id]:this.triggers.filter(o=>o!==L.id)}}
                        />
                        <span>${L.name}<br /><span class="secondary">${L.id}</span></span>
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
        .initial=${S0}
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
        ${this.trouble?k(this.app,this.trouble):""}
      </div>
      <div class="card-actions">
        <span class="grow"></span>
        <button class="filled" ?disabled=${!this.stated||this.saving} @click=${()=>{this.save()}}>
          ${this.t("add.guard")}
        </button>
      </div></div>`}async save(){this.saving=!0,this.trouble=null;try{await this.app.client.call("cameras/add",{source:this.source,place:this.place,mode:this.mode,triggers:this.mode==="event"?this.triggers:[],zones:L2(this.zones),statement:this.stated,reference:this.reference},r3),k2(JSON.stringify(this.target)),this.app.toast(this.t("add.done")),b(y("cameras"))}catch(C){this.trouble=C}this.saving=!1}};i([A()],N.prototype,"choices",2),i([A()],N.prototype,"trouble",2),i([A()],N.prototype,"step",2),i([A()],N.prototype,"source",2),i([A()],N.prototype,"place",2),i([A()],N.prototype,"mode",2),i([A()],N.prototype,"triggers",2),i([A()],N.prototype,"zones",2),i([A()],N.prototype,"reference",2),i([A()],N.prototype,"fit",2),i([A()],N.prototype,"stated",2),i([A()],N.prototype,"saving",2),i([W("cg-zone-editor")],N.prototype,"editor",2);c("cg-add",N);var k1=class extends I{constructor(){super(...arguments);this.heading="";this.open=!1;this.busy=!1}static{this.styles=[u,x`
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
    </dialog>`}leave(){this.busy||this.dispatchEvent(new CustomEvent("closed"))}};i([n()],k1.prototype,"heading",2),i([n({type:Boolean})],k1.prototype,"open",2),i([n({type:Boolean})],k1.prototype,"busy",2),i([W("dialog")],k1.prototype,"dialog",2);c("cg-dialog",k1);var K=class extends S{constructor(){super(...arguments);this.cameraId="";this.known=null;this.trouble=null;this.drawn=null;this.asking=!1;this.stated=!1;this.saving=!1;this.saveTrouble=null;this.theirs=null;this.lastTarget={}}static{this.styles=[u,x`
      .top {
        display: flex;
        align-items: center;
        gap: 8px;
        flex-wrap: wrap;
        margin-bottom: 12px;
      }
    `]}get target(){return{camera_id:this.cameraId}}willUpdate(C){C.has("cameraId")&&this.load()}async load(){this.trouble=null;try{this.known=await this.app.client.call("zones/get",this.target,q2)}catch(C){this.trouble=C}}render(){if(this.trouble)return t`<div class="page">${k(this.app,this.trouble,()=>{this.load()})}</div>`;if(!this.known)return G(this.app);let C=this.app.news.cameras.find(r=>r.camera_id===this.cameraId),H=this.app.hass().states,L=C?.entity_id?H[C.entity_id]?.attributes.entity_picture:"",e=C?this.app.texts.fault(C.reason,C.detail):null;return t`<div class="page">
      <div class="top">
        <button class="icon" aria-label=${this.t("common.back")} @click=${()=>b(y("cameras"))}>
          <cg-icon .path=${g1}></cg-icon>
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
      ${e?O(R,e,"warning"):""}
      <cg-zone-editor
        .app=${this.app}
        .target=${this.editorTarget}
        .initial=${this.zonesOf(this.known)}
        .mostPoints=${this.known.max_points}
        .mostZones=${this.known.max_zones}
        .still=${typeof L=="string"?L:""}
        @change=${r=>this.drawn=r.detail}
      ></cg-zone-editor>
      ${this.saveDialog()}${this.conflictDialog()}
    </div>`}get editorTarget(){return this.lastTarget.camera_id!==this.cameraId&&(this.lastTarget=this.target),this.lastTarget}zonesOf(C){return C.zones.map(H=>({name:H.name,points:v3(H.points)}))}saveDialog(){let C=this.editor?.seen;return t`<cg-dialog
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
      ${this.saveTrouble?k(this.app,this.saveTrouble):""}
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
    </cg-dialog>`}async save(){if(!(!this.drawn||!this.known)){this.saving=!0,this.saveTrouble=null;try{await this.app.client.call("zones/save",{...this.target,zones:L2(this.drawn.zones),revision:this.known.revision,statement:this.stated,...this.drawn.reference?{reference:this.drawn.reference}:{}},M3),k2(JSON.stringify(this.lastTarget)),this.app.toast(this.t("zones.saved")),b(y("cameras"))}catch(C){_(C).key==="zones_changed_meanwhile"?(this.asking=!1,this.theirs=await this.app.client.call("zones/get",this.target,q2)):this.saveTrouble=C}this.saving=!1}}};i([n()],K.prototype,"cameraId",2),i([A()],K.prototype,"known",2),i([A()],K.prototype,"trouble",2),i([A()],K.prototype,"drawn",2),i([A()],K.prototype,"asking",2),i([A()],K.prototype,"stated",2),i([A()],K.prototype,"saving",2),i([A()],K.prototype,"saveTrouble",2),i([A()],K.prototype,"theirs",2),i([W("cg-zone-editor")],K.prototype,"editor",2);c("cg-zones",K);function O3(M,V,C,H){let[L,e]=[Math.max(M,C),Math.min(V??H,H)];return e<=C||L>=H||e<L?null:{left:(L-C)/(H-C),width:(e-L)/(H-C)}}function E1(M,V){let C=new Intl.DateTimeFormat("en-US",{timeZone:M,hourCycle:"h23",year:"numeric",month:"numeric",day:"numeric",hour:"numeric",minute:"numeric",second:"numeric"}).formatToParts(new Date(V*1e3)),H=e=>Number(C.find(r=>r.type===e)?.value);return Date.UTC(H("year"),H("month")-1,H("day"),H("hour"),H("minute"),H("second"))/1e3-Math.floor(V)}function q(M,V){let C=Date.parse(`${M}T00:00:00Z`)/1e3,H=C-E1(V,C);return C-E1(V,H)}function p1(M,V){return new Date((M+E1(V,M))*1e3).toISOString().slice(0,10)}function M1(M,V){return new Date(Date.parse(`${M}T00:00:00Z`)+V*864e5).toISOString().slice(0,10)}function P1(M,V){return new Date((M+E1(V,M))*1e3).toISOString().slice(0,19)}function f5(M,V){let C=Date.parse(`${M.length===16?`${M}:00`:M}Z`)/1e3;return C-E1(V,C-E1(V,C))}var h0=30,f0=v({certificate_link:d}),e1=class extends S{constructor(){super(...arguments);this.clips=[];this.act=null;this.reason="";this.until="";this.sure=!1;this.busy=!1;this.trouble=null}static{this.styles=[u,x`
      :host {
        display: flex;
        flex-wrap: wrap;
        gap: 4px;
      }
    `]}render(){if(!A1(this.app))return"";let C=this.clips.length===0,H=this.clips.filter(L=>L.hold).length;return t`<button ?disabled=${C} @click=${()=>this.begin("hold")}>
        <cg-icon .path=${J}></cg-icon>${this.t(H&&H===this.clips.length?"clips.change_hold":"clips.hold")}
      </button>
      <button ?disabled=${H===0||H<this.clips.length} @click=${()=>this.begin("release")}>
        <cg-icon .path=${L5}></cg-icon>${this.t("clips.release")}
      </button>
      <button
        ?disabled=${C}
        @click=${()=>b(y("disclose","","",{clips:this.clips.map(L=>L.clip_id).join(",")}))}
      >
        <cg-icon .path=${J1}></cg-icon>${this.t("clips.disclose")}
      </button>
      <button ?disabled=${C} @click=${()=>this.begin("erase")}>
        <cg-icon .path=${L1}></cg-icon>${this.t("clips.erase")}
      </button>
      ${this.dialog()}`}begin(C){this.act=C,this.reason=C==="hold"?this.clips[0]?.hold?.reason??"":"",this.until=M1(p1(Date.now()/1e3,this.app.zone),h0),this.sure=!1,this.trouble=null}dialog(){let C=this.act??"hold",H=this.clips.length,L=this.clips.filter(e=>e.hold).length;return t`<cg-dialog
      .open=${this.act!==null}
      .busy=${this.busy}
      .heading=${this.t(`clips.${C}_title`,{count:H})}
      @closed=${()=>this.act=null}
    >
      <p>${this.t(`clips.${C}_hint`,{count:H})}</p>
      ${C==="erase"&&L?O(J,this.t("clips.erase_held",{count:L}),"warning"):""}
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
                min=${M1(p1(Date.now()/1e3,this.app.zone),1)}
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
      ${this.trouble?k(this.app,this.trouble):""}
      <button slot="actions" ?disabled=${this.busy} @click=${()=>this.act=null}>${this.t("common.cancel")}</button>
      <button
        slot="actions"
        class=${C==="erase"?"danger":"filled"}
        ?disabled=${this.busy||!this.reason.trim()||C==="hold"&&!this.until||C==="erase"&&(!this.sure||L===H)}
        @click=${()=>{this.carryOut(C)}}
      >
        ${this.t(`clips.${C}`)}
      </button>
    </cg-dialog>`}async carryOut(C){this.busy=!0,this.trouble=null;let H=this.clips.map(L=>L.clip_id);try{if(C==="erase")await this.app.client.act("wipe_media",{scope:"clips",clip_ids:H,reason:this.reason,include_held:!1,confirm:!0},f0);else{let L=C==="hold"?{until:this.until}:{};await this.app.client.act(C,{clip_ids:H,reason:this.reason,...L},K1)}this.act=null,this.app.toast(this.t(`clips.${C}_done`,{count:H.length})),this.emit("done",C)}catch(L){this.trouble=L}this.busy=!1}};i([n({attribute:!1})],e1.prototype,"clips",2),i([A()],e1.prototype,"act",2),i([A()],e1.prototype,"reason",2),i([A()],e1.prototype,"until",2),i([A()],e1.prototype,"sure",2),i([A()],e1.prototype,"busy",2),i([A()],e1.prototype,"trouble",2);c("cg-clip-actions",e1);var y3={ATTRIBUTE:1,CHILD:2,PROPERTY:3,BOOLEAN_ATTRIBUTE:4,EVENT:5,ELEMENT:6},b3=M=>(...V)=>({_$litDirective$:M,values:V}),P2=class{constructor(V){}get _$AU(){return this._$AM._$AU}_$AT(V,C,H){this._$Ct=V,this._$AM=C,this._$Ci=H}_$AS(V,C){return this.update(V,C)}update(V,C){return this.render(...C)}};var{I:g0}=K5,w3=M=>M;var k3=()=>document.createComment(""),D1=(M,V,C)=>{let H=M._$AA.parentNode,L=V===void 0?M._$AB:V._$AA;if(C===void 0){let e=H.insertBefore(k3(),L),r=H.insertBefore(k3(),L);C=new g0(e,r,M,M.options)}else{let e=C._$AB.nextSibling,r=C._$AM,o=r!==M;if(o){let a;C._$AQ?.(M),C._$AM=M,C._$AP!==void 0&&(a=M._$AU)!==r._$AU&&C._$AP(a)}if(e!==L||o){let a=C._$AA;for(;a!==e;){let l=w3(a).nextSibling;w3(H).insertBefore(a,L),a=l}}}return C},v1=(M,V,C=M)=>(M._$AI(V,C),M),O0={},P3=(M,V=O0)=>M._$AH=V,B3=M=>M._$AH,B2=M=>{M._$AR(),M._$AA.remove()};var $3=(M,V,C)=>{let H=new Map;for(let L=V;L<=C;L++)H.set(M[L],L);return H},g5=b3(class extends P2{constructor(M){if(super(M),M.type!==y3.CHILD)throw Error("repeat() can only be used in text expressions")}dt(M,V,C){let H;C===void 0?C=V:V!==void 0&&(H=V);let L=[],e=[],r=0;for(let o of M)L[r]=H?H(o,r):r,e[r]=C(o,r),r++;return{values:e,keys:L}}render(M,V,C){return this.dt(M,V,C).values}update(M,[V,C,H]){let L=B3(M),{values:e,keys:r}=this.dt(V,C,H);if(!Array.isArray(L))return this.ut=r,e;let o=this.ut??=[],a=[],l,f,m=0,h=L.length-1,g=0,$=e.length-1;for(;m<=h&&g<=$;)if(L[m]===null)m++;else if(L[h]===null)h--;else if(o[m]===r[g])a[g]=v1(L[m],e[g]),m++,g++;else if(o[h]===r[$])a[$]=v1(L[h],e[$]),h--,$--;else if(o[m]===r[$])a[$]=v1(L[m],e[$]),D1(M,a[$+1],L[m]),m++,$--;else if(o[h]===r[g])a[g]=v1(L[h],e[g]),D1(M,L[m],L[h]),h--,g++;else if(l===void 0&&(l=$3(r,g,$),f=$3(o,m,h)),l.has(o[m]))if(l.has(o[h])){let t1=f.get(r[g]),F2=t1!==void 0?L[t1]:null;if(F2===null){let k5=D1(M,L[m]);v1(k5,e[g]),a[g]=k5}else a[g]=v1(F2,e[g]),D1(M,L[m],F2),L[t1]=null;g++}else B2(L[h]),h--;else B2(L[m]),m++;for(;g<=$;){let t1=D1(M,a[$+1]);v1(t1,e[g]),a[g++]=t1}for(;m<=h;){let t1=L[m++];t1!==null&&B2(t1)}return this.ut=r,P3(M,a),a1}});function O5(M,V){let[C,H]=[0,0];return M.map(L=>{let e=V.header+Math.ceil(L.clips/V.columns)*V.row,r={day:L,first:C,top:H,height:e};return C+=L.clips,H+=e,r})}function T3(M){let V=M.at(-1);return V?V.top+V.height:0}function y5(M,V,C){return M.filter(H=>H.top<C&&H.top+H.height>V)}function b5(M,V,C,H){let L=M.top+V.header,e=Math.max(Math.floor((C-L)/V.row),0),r=Math.min(Math.ceil((H-L)/V.row),Math.ceil(M.day.clips/V.columns)),o=[];for(let a=e;a<r;a++)for(let l=0;l<V.columns;l++){let f=a*V.columns+l;f<M.day.clips&&o.push({index:M.first+f,top:L+a*V.row,column:l})}return o}function R3(M,V,C){return[...new Set(M.map(L=>Math.floor(L/V)))].filter(L=>!C(L)).sort((L,e)=>L-e)}var M2=60,y0=220,$2=600,b0=8*6e4,n1=class extends S{constructor(){super(...arguments);this.days=[];this.filter={};this.choosing=!1;this.chosen=new Map;this.seen={top:0,height:800,width:1e3};this.pages=new Map;this.fetching=new Set;this.scroller=null;this.frame=0;this.offset=0;this.sized=new ResizeObserver(()=>this.settle());this.onScroll=()=>{this.frame||(this.frame=requestAnimationFrame(()=>{this.frame=0,this.measure()}))}}static{this.styles=[u,x`
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
    `]}connectedCallback(){super.connectedCallback(),this.updateComplete.then(()=>{this.scroller=this.closestScroller(),this.scroller?.addEventListener("scroll",this.onScroll,{passive:!0}),this.scroller&&this.sized.observe(this.scroller),this.parentElement&&this.sized.observe(this.parentElement)})}disconnectedCallback(){super.disconnectedCallback(),this.scroller?.removeEventListener("scroll",this.onScroll),this.sized.disconnect()}willUpdate(C){(C.has("filter")||C.has("days"))&&(this.pages=new Map,this.fetching=new Set)}render(){let C=O5(this.days,this.sizes);return t`<div class="shelf" style="height:${T3(C)}px">${this.visible(C)}</div>`}async fetchPage(C){let H=this.pages,L=this.fetching;L.add(C);try{let{clips:e}=await this.app.client.call("clips/list",{...this.filter,limit:M2,offset:C*M2},C3);if(H!==this.pages)return;H.set(C,{at:Date.now(),clips:e}),this.requestUpdate()}catch(e){H===this.pages&&this.app.toast(e)}finally{L.delete(C)}}closestScroller(){let C=this.getRootNode();for(;C instanceof ShadowRoot;){let H=C.querySelector("main");if(H)return H;C=C.host.getRootNode()}return null}measure(){if(!this.scroller)return;let{top:C,height:H,width:L}=this.seen,e=this.scroller.scrollTop-this.offset;e!==C&&(this.seen={top:e,height:H,width:L})}settle(){if(!this.scroller||!this.shelf)return;let[C,H]=[this.scroller.getBoundingClientRect(),this.shelf.getBoundingClientRect()];this.offset=H.top-C.top+this.scroller.scrollTop,this.seen={top:C.top-H.top,height:C.height,width:H.width}}get sizes(){let C=Math.max(Math.floor(this.seen.width/y0),2),H=this.seen.width/C;return{columns:C,row:Math.round((H-10)*(9/16)+66),header:48}}updated(){let C=this.shownIndices(O5(this.days,this.sizes));for(let H of R3(C,M2,L=>this.isFresh(L)||this.fetching.has(L)))this.fetchPage(H)}isFresh(C){let H=this.pages.get(C);return H!==void 0&&Date.now()-H.at<b0}shownIndices(C){let[H,L]=[this.seen.top-$2,this.seen.top+this.seen.height+$2];return y5(C,H,L).flatMap(e=>b5(e,this.sizes,H,L).map(r=>r.index))}visible(C){let[H,L]=[this.seen.top-$2,this.seen.top+this.seen.height+$2],e=this.sizes;return g5(y5(C,H,L),r=>r.day.start,r=>t`<div class="day" style="top:${r.top}px">
            <h3>${this.app.format.day(r.day.start+43200)}</h3>
            <span class="secondary">${r.day.clips}</span>
          </div>
          ${g5(b5(r,e,H,L),o=>o.index,o=>{let a=this.pages.get(Math.floor(o.index/M2))?.clips[o.index%M2],l=100/e.columns,f=`top:${o.top}px;left:${o.column*l}%;width:${l}%;height:${e.row}px`;return t`<div class="tile" style=${f}>${a?this.tile(a):t`<a><div class="blank"></div></a>`}</div>`})}`)}tile(C){let{format:H}=this.app,L=y("clips",C.clip_id),e=this.app.cameraName(C.camera_id),r=this.chosen.has(C.clip_id),o=`${e}, ${H.moment(C.start)}`;return t`<a
        href=${L}
        aria-label=${o}
        @click=${a=>{a.ctrlKey||a.metaKey||(a.preventDefault(),this.choosing?this.emit("choose",{clip:C,on:!r}):b(L))}}
      >
        <img src=${C.thumbnail} alt="" loading="lazy" decoding="async" />
        <div class="words">
          <div class="first">
            ${H.time(C.start,!0)} · ${H.length(C.end-C.start)}
            ${C.hold?t`<cg-icon .path=${J}></cg-icon><span class="visually-hidden">${this.t("clips.is_held")}</span>`:""}
          </div>
          <div class="secondary">${e} · ${this.triggerOf(C)}</div>
        </div>
      </a>
      ${this.choosing?t`<input
              type="checkbox"
              aria-label=${o}
              .checked=${r}
              @change=${a=>this.emit("choose",{clip:C,on:a.target.checked})}
            />`:""}`}triggerOf(C){let H=C.trigger.entity_id,L=H?this.app.hass().states[H]?.attributes.friendly_name:null;return C.trigger.reason??(typeof L=="string"?L:H??this.t(`clips.kind_${C.trigger.kind}`))}};i([n({attribute:!1})],n1.prototype,"days",2),i([n({attribute:!1})],n1.prototype,"filter",2),i([n({type:Boolean})],n1.prototype,"choosing",2),i([n({attribute:!1})],n1.prototype,"chosen",2),i([A()],n1.prototype,"seen",2),i([W(".shelf")],n1.prototype,"shelf",2);c("cg-shelf",n1);var w0=[0,6,12,18,24],l1=class extends S{constructor(){super(...arguments);this.day=null;this.from=0;this.to=0;this.cameras=[];this.marked=null;this.told=""}static{this.styles=[u,x`
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
            ${C?.gaps.filter(L=>L.camera_id===H.id).map(L=>this.gap(L))}
            ${C?.clips.filter(L=>L.camera_id===H.id).map(L=>this.clip(L))}
            ${this.mark()}
          </div>
        </div>`)}
      <div class="track">
        <span></span>
        <div class="hours" aria-hidden="true">
          ${w0.map(H=>t`<span style="left:${H/24*100}%">${H}</span>`)}
        </div>
      </div>
      <div class="legend" role="status">
        ${this.told?t`<span>${this.told}</span>`:t`<span><i class="clip"></i>${this.t("timeline.recorded")}</span>
                <span><i class="clip held"></i>${this.t("timeline.held")}</span>
                <span><i class="gap"></i>${this.t("timeline.gap")}</span>
                ${C&&C.shown<C.total?t`<span>${this.t("timeline.more",{count:C.total-C.shown})}</span>`:""}`}
      </div>
    </div>`}placed(C,H){let L=O3(C,H,this.from,this.to);return L&&`left:${(L.left*100).toFixed(3)}%;width:${(L.width*100).toFixed(3)}%`}clip(C){let H=this.placed(C.start,C.end);if(!H)return"";let{format:L}=this.app,e=this.t(C.held?"timeline.held_clip":"timeline.clip",{start:L.time(C.start,!0),end:L.time(C.end,!0),expires:C.expires===null?"":L.shortDay(C.expires)});return t`<button
      class="clip ${C.held?"held":""}"
      style=${H}
      aria-label=${e}
      @focus=${()=>this.told=e}
      @blur=${()=>this.told=""}
      @pointerenter=${()=>this.told=e}
      @pointerleave=${()=>this.told=""}
      @click=${()=>this.emit("clip",C)}
    ></button>`}gap(C){let H=this.placed(C.start,C.end??Math.min(Date.now()/1e3,this.to));if(!H)return"";let{format:L,texts:e}=this.app,r=this.t("timeline.gap_told",{start:L.time(C.start,!0),end:C.end===null?"…":L.time(C.end,!0),cause:e.fault(C.cause,{camera:this.app.cameraName(C.camera_id)})??this.causeOf(C.cause)});return t`<button
      class="gap"
      style=${H}
      aria-label=${r}
      @focus=${()=>this.told=r}
      @click=${()=>this.told=r}
      @pointerenter=${()=>this.told=r}
    ></button>`}causeOf(C){return this.app.texts.has(`timeline.cause_${C}`)?this.t(`timeline.cause_${C}`):C}mark(){if(!this.marked)return"";let C=this.placed(...this.marked);return C?t`<div class="mark" style=${C}></div>`:""}};i([n({attribute:!1})],l1.prototype,"day",2),i([n({type:Number})],l1.prototype,"from",2),i([n({type:Number})],l1.prototype,"to",2),i([n({attribute:!1})],l1.prototype,"cameras",2),i([n({attribute:!1})],l1.prototype,"marked",2),i([A()],l1.prototype,"told",2);c("cg-timeline",l1);var k0=["entity","action","continuous"],j=class extends S{constructor(){super(...arguments);this.days=null;this.trouble=null;this.cameras=[];this.kind="";this.held=!1;this.date="";this.day=null;this.choosing=!1;this.chosen=new Map;this.loadId=0;this.clipsSeen=-1;this.asked={}}static{this.styles=[u,x`
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
    `]}willUpdate(C){if(C.has("route")&&!C.get("route")){this.held=this.route.query.get("held")==="1";let H=this.route.query.get("camera");H&&(this.cameras=[H]),this.date=this.route.query.get("day")??""}this.app.news.clips!==this.clipsSeen&&(this.clipsSeen=this.app.news.clips,this.load())}get filter(){let C=this.app.zone;return{...this.cameras.length?{camera_ids:this.cameras}:{},...this.kind?{kinds:[this.kind]}:{},...this.held?{held:!0}:{},...this.date?{start:q(this.date,C),end:q(M1(this.date,1),C)}:{}}}async load(){let C=++this.loadId;try{let H=this.filter,{days:L}=await this.app.client.call("clips/days",H,H3);if(C!==this.loadId)return;this.asked=H,this.days=L,this.trouble=null,await this.loadTimeline(C)}catch(H){C===this.loadId&&(this.trouble=H)}}async loadTimeline(C=this.loadId){let H=await this.app.client.call("timeline",{start:this.dayStart,end:this.dayEnd},s2);C===this.loadId&&(this.day=H)}get shownDate(){let C=this.days?.[0]?.start;return this.date||p1(C??Date.now()/1e3,this.app.zone)}get dayStart(){return q(this.shownDate,this.app.zone)}get dayEnd(){return q(M1(this.shownDate,1),this.app.zone)}render(){return t`<div class="page">
        ${this.filters()}
        ${this.trouble?k(this.app,this.trouble,()=>{this.load()}):""}
        ${this.days?this.content(this.days):this.trouble?"":G(this.app)}
      </div>
      ${this.choosing?this.selectionBar():""}`}get allCameras(){let C=this.app.news.cameras.map(e=>({id:e.camera_id,name:e.name})),H=new Set(C.map(e=>e.id)),L=new Set((this.day?.clips??[]).map(e=>e.camera_id).filter(e=>!H.has(e)));return[...C,...[...L].map(e=>({id:e,name:this.app.cameraName(e)}))]}filters(){let C=this.app.news.cameras,H=()=>{this.load()};return t`<div class="filters" role="group" aria-label=${this.t("clips.filters")}>
      ${C.length>1?C.map(L=>{let e=this.cameras.includes(L.camera_id);return t`<button
                class="chip"
                aria-pressed=${e?"true":"false"}
                @click=${()=>{this.cameras=e?this.cameras.filter(r=>r!==L.camera_id):[...this.cameras,L.camera_id],H()}}
              >
                ${L.name}
              </button>`}):""}
      <select
        aria-label=${this.t("clips.trigger")}
        @change=${L=>{this.kind=L.target.value,H()}}
      >
        <option value="">${this.t("clips.any_trigger")}</option>
        ${k0.map(L=>t`<option value=${L} ?selected=${L===this.kind}>${this.t(`clips.kind_${L}`)}</option>`)}
      </select>
      <button
        class="chip"
        aria-pressed=${this.held?"true":"false"}
        @click=${()=>{this.held=!this.held,H()}}
      >
        ${this.t("clips.held_only")}
      </button>
      <span class="grow"></span>
      ${A1(this.app)?t`<button
              class="tonal"
              aria-pressed=${this.choosing?"true":"false"}
              @click=${()=>{this.choosing=!this.choosing,this.chosen=new Map}}
            >
              ${this.t("clips.select")}
            </button>`:""}
    </div>`}content(C){let H=C.reduce((r,o)=>r+o.clips,0),e=this.cameras.length>0||this.kind!==""||this.held||this.date!==""?Q(s1,this.t("clips.none_found"),t`<button class="tonal" @click=${()=>this.clear()}>${this.t("clips.clear")}</button>`):Q(s1,this.t("clips.none"),this.t("clips.none_hint"));return t`<section class="card timeline" aria-label=${this.t("timeline.title")}>
        <div class="dayline">
          <h3 class="grow">${this.app.format.day(this.dayStart+43200)}</h3>
          <button class="icon" aria-label=${this.t("timeline.earlier")} @click=${()=>this.goDay(-1)}>
            <cg-icon .path=${X2}></cg-icon>
          </button>
          <input
            type="date"
            aria-label=${this.t("timeline.day")}
            .value=${this.shownDate}
            @change=${r=>this.setDate(r.target.value)}
          />
          <button class="icon" aria-label=${this.t("timeline.later")} @click=${()=>this.goDay(1)}>
            <cg-icon .path=${j1}></cg-icon>
          </button>
          ${this.date?t`<button @click=${()=>this.setDate("")}>${this.t("clips.all_days")}</button>`:""}
        </div>
        <cg-timeline
          .app=${this.app}
          .day=${this.day}
          .from=${this.dayStart}
          .to=${this.dayEnd}
          .cameras=${this.allCameras}
          @clip=${r=>b(y("clips",r.detail.clip_id))}
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
    </div>`}choose(C,H){let L=new Map(this.chosen);H?L.set(C.clip_id,C):L.delete(C.clip_id),this.chosen=L}clear(){this.cameras=[],this.kind="",this.held=!1,this.setDate("")}goDay(C){this.setDate(M1(this.shownDate,C))}setDate(C){this.date=C,this.day=null,this.load()}};i([n({attribute:!1})],j.prototype,"route",2),i([A()],j.prototype,"days",2),i([A()],j.prototype,"trouble",2),i([A()],j.prototype,"cameras",2),i([A()],j.prototype,"kind",2),i([A()],j.prototype,"held",2),i([A()],j.prototype,"date",2),i([A()],j.prototype,"day",2),i([A()],j.prototype,"choosing",2),i([A()],j.prototype,"chosen",2);c("cg-clips",j);var P0=[.25,.5,1,2,4,8],H1=class extends S{constructor(){super(...arguments);this.clipId="";this.clip=null;this.trouble=null;this.views=null;this.speed=1;this.broken="";this.clipsSeen=-1;this.resumeAt=0;this.renewed=!1;this.onReady=()=>{let C=this.video;C&&this.resumeAt&&(C.currentTime=Math.min(this.resumeAt,C.duration||this.resumeAt)),this.resumeAt=0,A1(this.app)&&this.loadViews()};this.onError=()=>{if(!(!this.clip||!this.video?.getAttribute("src"))){if(this.renewed){this.broken=this.t("player.broken");return}this.renewed=!0,this.resumeAt=this.video.currentTime,this.load()}}}static{this.styles=[u,x`
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
    `]}willUpdate(C){C.has("clipId")?(this.clip=null,this.views=null,this.resumeAt=s3(this.route.query),this.clipsSeen=this.app.news.clips,this.load()):this.app.news.clips!==this.clipsSeen&&(this.clipsSeen=this.app.news.clips,this.look())}async load(){this.trouble=null,this.broken="";try{this.clip=(await this.app.client.call("clips/get",{clip_id:this.clipId},K2)).clip}catch(C){this.clip=null,this.trouble=C}}async look(){if(this.clip)try{let{clip:C}=await this.app.client.call("clips/get",{clip_id:this.clipId},K2);this.clip={...C,link:this.clip.link}}catch(C){if(!["clip_erased","clip_not_found"].includes(_(C).key))return;this.video?.pause(),this.video?.removeAttribute("src"),this.video?.load(),this.clip=null,this.trouble=C}}async loadViews(){let C=["viewed","held","released","disclosing"];try{let H=await this.app.client.call("ledger/list",{clip_id:this.clipId,events:C,limit:50},v2);this.views=H.entries}catch(H){this.app.toast(H)}}render(){if(this.trouble){let L=_(this.trouble).key;return t`<div class="page narrow-page">
        ${L==="clip_erased"||L==="clip_not_found"?Q(L1,this.app.texts.refusal(_(this.trouble)),t`<button class="tonal" @click=${()=>b(y("clips"))}>${this.t("clips.to_all")}</button>`):k(this.app,this.trouble,()=>{this.load()})}
      </div>`}let C=this.clip;if(!C)return G(this.app);let{format:H}=this.app;return t`<div class="page">
      <div class="top">
        <button class="icon" aria-label=${this.t("common.back")} @click=${()=>b(y("clips"))}>
          <cg-icon .path=${g1}></cg-icon>
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
            @ratechange=${L=>this.speed=L.target.playbackRate}
          ></video>
          ${this.broken?O(R,this.broken,"error"):""}
          ${this.controls(C)}
          ${A1(this.app)?t`<div class="card-actions"><cg-clip-actions .app=${this.app} .clips=${[C]} @done=${()=>{this.look()}}></cg-clip-actions></div>`:""}
        </div>
        <div class="stack">${this.facts(C)}${this.viewers()}</div>
      </div>
    </div>`}controls(C){let H=(L,e,r,o=!1)=>t`<button class="icon" title=${this.t(e)} aria-label=${this.t(e)} ?disabled=${o} @click=${r}>
        <cg-icon .path=${L}></cg-icon>
      </button>`;return t`<div class="controls" role="toolbar" aria-label=${this.t("player.controls")}>
      ${H(p5,"player.older",()=>this.goTo(C.older),!C.older)}
      ${H(n5,"player.frame_back",()=>this.step(-1))}
      ${H(l5,"player.frame",()=>this.step(1))}
      ${H(d5,"player.newer",()=>this.goTo(C.newer),!C.newer)}
      <span class="grow"></span>
      <select
        aria-label=${this.t("player.speed")}
        @change=${L=>{this.video&&(this.video.playbackRate=Number(L.target.value))}}
      >
        ${P0.map(L=>t`<option value=${L} ?selected=${L===this.speed}>×${L}</option>`)}
      </select>
      ${H(j2,"player.full",()=>this.full())}
    </div>`}facts(C){let{format:H}=this.app,L=C.trigger.entity_id,e=L?this.app.hass().states[L]?.attributes.friendly_name:null,r=[this.t(`clips.kind_${C.trigger.kind}`),typeof e=="string"?e:L,C.trigger.reason];return t`<div class="card"><div class="card-content">
        ${C.hold?O(J,this.t("clips.held_until",{until:H.shortDay(C.hold.until),reason:C.hold.reason??""})):""}
        ${C.clock_error?O(X1,this.t("clips.clock_error",{seconds:H.number(C.clock_error)}),"warning"):""}
        ${C.adaptive?O(b1,this.t("clips.adaptive")):""}
        ${C.frame_rate_lowered?O(b1,this.t("clips.frame_rate_lowered")):""}
        ${C.recovered?O(b1,this.t("clips.recovered")):""}
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
                ${this.views.map(H=>{let L=H.body?.user_name;return t`<li>
                    ${C.moment(H.time)} · ${typeof L=="string"&&L?L:this.t("ledger.nobody")} ·
                    ${this.t(`clips.did_${H.event}`)}
                  </li>`})}
              </ul>`}
      </div></div>`}step(C){let H=this.video;if(!H||!this.clip)return;H.pause();let L=(this.clip.end-this.clip.start)/Math.max(this.clip.frames,1),e=Math.floor(H.currentTime/L+1e-6);H.currentTime=Math.min(Math.max((e+C+.5)*L,0),H.duration)}full(){let C=this.video;if(!C)return;let H=C.webkitEnterFullscreen;document.fullscreenEnabled?C.requestFullscreen():H?.call(C)}goTo(C){C&&b(y("clips",C),!0)}};i([n()],H1.prototype,"clipId",2),i([n({attribute:!1})],H1.prototype,"route",2),i([A()],H1.prototype,"clip",2),i([A()],H1.prototype,"trouble",2),i([A()],H1.prototype,"views",2),i([A()],H1.prototype,"speed",2),i([A()],H1.prototype,"broken",2),i([W("video")],H1.prototype,"video",2);c("cg-clip",H1);var T2=["ground","recipient","content","check","hand_over"],B0=["law","investigation","emergency"],$0=["sealed_zip","hand_over"],w5=()=>({ground:"",organization:"",name:"",reference:"",purpose:"",form:"sealed_zip",clips:[],camera:"",start:"",end:""}),s=w5(),_1="ground",B1=null,r1=class extends S{constructor(){super(...arguments);this.parts=null;this.day=null;this.busy=!1;this.trouble=null;this.begun=!1;this.copied=!1;this.timer=0}static{this.styles=[u,x`
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
    `]}willUpdate(C){if(C.has("route")){let H=this.route.query.get("clips");H&&H!==s.clips.join(",")&&(s={...w5(),clips:H.split(",")},_1="ground",B1=null)}}disconnectedCallback(){super.disconnectedCallback(),B1&&(B1={...B1,password:null})}set(C,H){s={...s,[C]:H},this.requestUpdate()}go(C){_1=C,this.trouble=null,(C==="content"||C==="check")&&this.plan(0),this.requestUpdate()}render(){let C=T2.indexOf(_1),H={ground:()=>this.groundStep(),recipient:()=>this.recipientStep(),content:()=>this.contentStep(),check:()=>this.checkStep(),hand_over:()=>this.handOverStep()};return t`<div class="page narrow-page">
      <h2>${this.t("disclose.title")}</h2>
      <ol class="steps">
        ${T2.map((L,e)=>t`<li aria-current=${e===C?"step":"false"} ?data-done=${e<C}>${this.t(`disclose.step_${L}`)}</li>`)}
      </ol>
      ${H[_1]()}
    </div>`}frame(C,H,L,e="common.next"){let r=T2.indexOf(_1);return t`<div class="card">
      <div class="card-content stack">${C} ${this.trouble?k(this.app,this.trouble):""}</div>
      <div class="card-actions">
        ${r>0?t`<button ?disabled=${this.busy} @click=${()=>this.go(T2[r-1]??"ground")}>
                ${this.t("common.back")}
              </button>`:""}
        <span class="grow"></span>
        <button class="filled" ?disabled=${!H||this.busy} @click=${L}>${this.t(e)}</button>
      </div>
    </div>`}groundStep(){return this.frame(t`<p>${this.t("disclose.ground_hint")}</p>
        <div role="radiogroup" aria-label=${this.t("disclose.step_ground")}>
          ${B0.map(C=>t`<label class="check option">
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
        ${this.field("organization")}${this.field("name")}${this.field("reference")}${this.field("purpose")}`,[s.name,s.organization,s.purpose].every(C=>C.trim()!==""),()=>this.go("content"))}get byTime(){return s.clips.length===0}get span(){if(!s.start||!s.end)return null;let[C,H]=[f5(s.start,this.app.zone),f5(s.end,this.app.zone)];return H>C?[C,H]:null}get content(){if(!this.byTime)return{clip_ids:s.clips};let C=this.span;return s.camera&&C?{camera_id:s.camera,start:C[0],end:C[1]}:null}plan(C=400){window.clearTimeout(this.timer),this.timer=window.setTimeout(()=>{this.look()},C)}async look(){let[C]=(s.start||P1(Date.now()/1e3,this.app.zone)).split("T"),H=this.content;this.parts=null,this.trouble=null;try{let L=q(C??"",this.app.zone),e=q(M1(C??"",1),this.app.zone);this.byTime&&(this.day=await this.app.client.call("timeline",{start:L,end:e},s2)),H&&(this.parts=(await this.app.client.call("disclosures/preview",H,t3)).parts)}catch(L){this.trouble=L}}contentStep(){return this.frame(this.byTime?this.timeFields():t`${this.t("disclose.chosen_clips",{count:s.clips.length})}
            <button
              @click=${()=>{this.set("clips",[]),this.plan(0)}}
            >
              ${this.t("disclose.by_time")}
            </button>
            ${this.partList()}`,(this.parts?.length??0)>0,()=>this.go("check"))}timeFields(){let C=this.app.news.cameras,H=C.find(o=>o.last_clip)??C[0];if(!s.camera&&H&&(s={...s,camera:H.camera_id}),!s.start){let o=C.find(a=>a.camera_id===s.camera)?.last_clip;o&&(s={...s,start:P1(o.start,this.app.zone),end:P1(o.end+1,this.app.zone)})}let L=o=>a=>{this.set(o,a.target.value),this.plan()},e=(s.start||P1(Date.now()/1e3,this.app.zone)).slice(0,10),r=q(e,this.app.zone);return t`<p>${this.t("disclose.content_hint")}</p>
      <label class="field"
        >${this.t("disclose.camera")}
        <select @change=${L("camera")}>
          ${C.map(o=>t`<option value=${o.camera_id} ?selected=${o.camera_id===s.camera}>${o.name}</option>`)}
        </select>
      </label>
      <div class="two">
        ${["start","end"].map(o=>t`<label class="field"
              >${this.t(`disclose.${o}`)}
              <input type="datetime-local" step="1" .value=${s[o]} @change=${L(o)} />
            </label>`)}
      </div>
      <cg-timeline
        .app=${this.app}
        .day=${this.day}
        .from=${r}
        .to=${q(M1(p1(r+43200,this.app.zone),1),this.app.zone)}
        .cameras=${C.filter(o=>o.camera_id===s.camera).map(o=>({id:o.camera_id,name:o.name}))}
        .marked=${this.span}
        @clip=${o=>{s={...s,start:P1(o.detail.start,this.app.zone),end:P1(o.detail.end+1,this.app.zone)},this.plan(0),this.requestUpdate()}}
      ></cg-timeline>
      ${this.span?"":O(b1,this.t("disclose.time_wrong"),"warning")}
      ${this.partList()}`}partList(){if(!this.parts)return this.trouble?"":t`<progress aria-label=${this.t("common.loading")}></progress>`;if(this.parts.length===0)return Q(s1,this.t("disclose.nothing"));let{format:C}=this.app;return t`<div>
      ${this.parts.map(H=>t`<div class="part">
            <strong>${this.app.cameraName(H.camera_id)}</strong> · ${C.moment(H.start)} – ${C.time(H.end,!0)}
            <div class="secondary">
              ${H.whole?this.t("disclose.whole",{size:C.size(H.size)}):this.t("disclose.cut",{from:C.time(H.clip_start,!0),to:C.time(H.clip_end,!0)})}
            </div>
          </div>`)}
    </div>`}checkStep(){let C=[["step_ground",this.t(`disclose.ground_${s.ground}`)],["organization",s.organization],["name",s.name],["reference",s.reference||"–"],["purpose",s.purpose]];return this.frame(t`<dl>
          ${C.map(([H,L])=>t`<dt>${this.t(`disclose.${H}`)}</dt><dd>${L}</dd>`)}
        </dl>
        ${this.partList()}
        <div role="radiogroup" aria-label=${this.t("disclose.form")}>
          ${$0.map(H=>t`<label class="check option">
                <input type="radio" name="form" .checked=${s.form===H} @change=${()=>this.set("form",H)} />
                <span
                  ><strong>${this.t(`disclose.form_${H}`)}</strong><br /><span class="secondary"
                    >${this.t(`disclose.form_${H}_hint`)}</span
                  ></span
                >
              </label>`)}
        </div>
        ${O(w1,this.t("disclose.noted"))}
        ${this.busy?t`<p role="status">${this.t("disclose.making")}</p>
                <progress aria-label=${this.t("disclose.making")}></progress>`:""}`,(this.parts?.length??0)>0,()=>{this.export()},"disclose.make")}async export(){if(!this.content)return;this.busy=!0,this.trouble=null;let H=this.span,L=this.app.news.cameras.find(r=>r.camera_id===s.camera)?.entity_id,e=this.byTime&&H?{entity_id:L,start:new Date(H[0]*1e3).toISOString(),end:new Date(H[1]*1e3).toISOString()}:{clip_ids:s.clips};try{let{disclosure_id:r}=await this.app.client.act("export_disclosure",{legal_basis:s.ground,recipient_name:s.name,recipient_organization:s.organization,request_reference:s.reference,purpose:s.purpose,form:s.form,...e},d3);B1=await this.app.client.call("disclosures/fetch",{disclosure_id:r},i3),this.begun=!1,_1="hand_over"}catch(r){this.trouble=r}this.busy=!1}handOverStep(){let C=B1;if(!C)return this.frame(this.t("disclose.none_open"),!0,()=>this.again(),"disclose.another");let H=this.app.news.downloads.find(o=>o.disclosure_id===C.disclosure_id),{format:L}=this.app,e=H?.sent==null?null:H.sent/Math.max(C.size,1),r=H!==void 0&&H.fetched&&H.sent===null;return t`<div class="card">
      <div class="card-content stack">
        <p><strong>${C.disclosure_id}</strong> · ${L.size(C.size)}</p>
        ${C.password?t`<div>
                <p>${this.t("disclose.password_hint")}</p>
                <div class="password" data-password>${C.password}</div>
                <button @click=${()=>{this.copy(C.password??"")}}>
                  ${this.t(this.copied?"disclose.copied":"disclose.copy")}
                </button>
              </div>`:O(V5,this.t(C.form==="sealed_zip"?"disclose.password_gone":"disclose.no_password"))}
        <div>
          <a
            class="button filled"
            style="background:color-mix(in srgb, var(--primary-color) 80%, #000)"
            href=${C.bundle}
            download
            target="_blank"
            @click=${()=>this.begun=!0}
          >
            <cg-icon .path=${Y1}></cg-icon>${this.t("disclose.download")}
          </a>
          <a class="button tonal" href=${C.receipt} target="_blank" rel="noopener">
            <cg-icon .path=${H2}></cg-icon>${this.t("disclose.receipt")}
          </a>
        </div>
        <div role="status">
          ${e!==null?t`<progress .value=${e} max="1" aria-label=${this.t("disclose.downloading")}></progress>
                  ${this.t("disclose.sent",{percent:L.percent(e)})}`:r?O(V1,this.t("disclose.sent_all")):this.begun?t`<progress aria-label=${this.t("disclose.downloading")}></progress>`:""}
        </div>
        <p class="secondary">${this.t("disclose.until",{minutes:Math.round(C.seconds_left/60)})}</p>
      </div>
      <div class="card-actions">
        <span class="grow"></span>
        <button @click=${()=>this.again()}>${this.t("disclose.another")}</button>
      </div>
    </div>`}again(){s=w5(),B1=null,this.parts=null,this.copied=!1,this.go("ground")}async copy(C){try{await navigator.clipboard.writeText(C),this.copied=!0}catch{this.app.toast(this.t("disclose.copy_by_hand"))}}};i([n({attribute:!1})],r1.prototype,"route",2),i([A()],r1.prototype,"parts",2),i([A()],r1.prototype,"day",2),i([A()],r1.prototype,"busy",2),i([A()],r1.prototype,"trouble",2),i([A()],r1.prototype,"begun",2),i([A()],r1.prototype,"copied",2);c("cg-disclose",r1);var T0=["everything","camera","before"],X=class extends S{constructor(){super(...arguments);this.scope="";this.camera="";this.until="";this.includeHeld=!1;this.reason="";this.typed="";this.found=null;this.trouble=null;this.busy=!1;this.done=null;this.asked=0}static{this.styles=[u,x`
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
    `]}connectedCallback(){super.connectedCallback(),this.updateComplete.then(()=>{this.until||=p1(Date.now()/1e3,this.app.zone),this.camera||=this.app.news.cameras[0]?.camera_id??""})}get order(){return{scope:this.scope,include_held:this.includeHeld,...this.scope==="camera"?{camera_id:this.camera}:{},...this.scope==="before"?{before:q(this.until,this.app.zone)}:{}}}async look(){let C=++this.asked;this.found=null,this.trouble=null;try{let H=await this.app.client.call("wipe/preview",this.order,o3);C===this.asked&&(this.found=H)}catch(H){C===this.asked&&(this.trouble=H)}}render(){return t`<div class="page narrow-page">
      <h2>${this.t("wipe.title")}</h2>
      <p class="secondary">${this.t("wipe.hint")}</p>
      ${this.done?this.result(this.done):this.form()}
    </div>`}form(){let C=this.t("wipe.word"),H=this.found!==null&&this.found.clips>0&&this.reason.trim()!==""&&this.typed.trim()===C,L=this.app.news.site?.wiping??null;return t`<div class="card">
      <div class="card-content stack">
        <div role="radiogroup" aria-label=${this.t("wipe.scope")}>
          <h3>${this.t("wipe.scope")}</h3>
          ${T0.map(e=>t`<label class="check option">
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
        ${this.trouble?k(this.app,this.trouble):""}
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
        ${this.busy||L!==null?t`<div role="status">
                <progress .value=${L??0} max="1" aria-label=${this.t("wipe.going")}></progress>
                ${this.t("wipe.going")} ${this.app.format.percent(L??0)}
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
                @change=${L=>{this.includeHeld=L.target.checked,this.look()}}
              />
              <span>${this.t("wipe.include_held")}</span>
            </label>`:""}`:this.trouble?"":t`<progress aria-label=${this.t("common.loading")}></progress>`}async wipe(){this.busy=!0,this.trouble=null;let C=this.app.news.cameras.find(H=>H.camera_id===this.camera)?.entity_id;try{this.done=await this.app.client.act("wipe_media",{scope:this.scope,reason:this.reason,include_held:this.includeHeld,confirm:!0,...this.scope==="camera"?{entity_id:C}:{},...this.scope==="before"?{before:new Date(q(this.until,this.app.zone)*1e3).toISOString()}:{}},p3),this.typed=""}catch(H){this.trouble=H}this.busy=!1}result(C){return t`<div class="card">
      <div class="card-content stack">
        ${O(V1,this.t("wipe.done",{count:C.wiped}))}
        ${C.skipped_held?O(J,this.t("wipe.kept",{count:C.skipped_held})):""}
        ${C.failed?O(R,this.t("wipe.failed",{count:C.failed}),"error"):""}
        <p>${this.t("wipe.medium")}</p>
        <a class="button tonal" href=${C.certificate_link} target="_blank" rel="noopener">
          <cg-icon .path=${H2}></cg-icon>${this.t("wipe.certificate",{id:C.certificate_id})}
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
    </div>`}};i([A()],X.prototype,"scope",2),i([A()],X.prototype,"camera",2),i([A()],X.prototype,"until",2),i([A()],X.prototype,"includeHeld",2),i([A()],X.prototype,"reason",2),i([A()],X.prototype,"typed",2),i([A()],X.prototype,"found",2),i([A()],X.prototype,"trouble",2),i([A()],X.prototype,"busy",2),i([A()],X.prototype,"done",2);c("cg-wipe",X);function F3(M,V,C,H){if(M.body===null)return V.t("ledger.dropped");let L=`ledger.${M.event}`,e=R0(M.body,V,C,H),r=M.body.user_id===null||M.body.user_id===void 0?`${L}_itself`:L;return V.has(r)?V.t(r,e):V.has(L)?V.t(L,e):V.t("ledger.unknown",{event:M.event})}function R0(M,V,C,H){let L={};for(let[e,r]of Object.entries(M))(typeof r=="string"||typeof r=="number")&&(L[e]=r),Array.isArray(r)&&(L[`${e}_count`]=r.length);return L.who=e2(M.user_name)||V.t("ledger.nobody"),L.camera=H.camera(e2(M.camera_id)),L.count=Array.isArray(M.clip_ids)?M.clip_ids.length:Number(M.clips??0),L.reason=F0(M,V),L.cause=V.fault(e2(M.cause))??e2(M.cause),typeof M.from_us=="number"&&(L.from=C.time(M.from_us/1e6,!0)),L.to=typeof M.to_us=="number"?C.time(M.to_us/1e6,!0):"…",typeof M.until_us=="number"&&(L.until=C.shortDay(M.until_us/1e6)),L}function F0(M,V){let C=e2(M.reason);return V.has(`ledger.reason_${C}`)?V.t(`ledger.reason_${C}`):C}function e2(M){return typeof M=="string"?M:""}var E0=50,E3={views:["viewed","watched","picture_shown"],disclosures:["disclosing","disclosed","disclosure_aborted","ledger_exported"],holds:["held","released","kit_made","kit_restored"],erasures:["erasing","erased","wiping","wiped"],recordings:["recorded","clip_failed","gap","recording_asked","mask_not_proved","unproved_erased","camera_moved"],settings:["camera_added","camera_removed","settings_changed","privacy_on","privacy_off","view_approved","storage_taken_over","site_begun"],checks:["self_check","anomaly","clock_step","key_changed","root_rotated","bodies_dropped"]},E=class extends S{constructor(){super(...arguments);this.entries=null;this.more=!1;this.total=0;this.trouble=null;this.busy=!1;this.text="";this.group="";this.person="";this.people=[];this.verification=null;this.verifying=!1;this.verifyTrouble=null;this.open=-1;this.asked=0;this.timer=0}static{this.styles=[u,x`
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
    `]}connectedCallback(){super.connectedCallback(),this.updateComplete.then(()=>this.loadPeople())}willUpdate(C){C.has("route")&&!C.get("route")&&(this.text=this.route.query.get("q")??"",this.load())}async loadPeople(){try{let C=await this.app.client.send({type:"config/auth/list"});this.people=C.filter(H=>!H.system_generated).map(({id:H,name:L})=>({id:H,name:L}))}catch(C){this.app.toast(C)}}async load(C){let H=++this.asked;this.busy=!0,this.trouble=null;try{let L=await this.app.client.call("ledger/list",{limit:E0,...C?{before:C}:{},...this.text.trim()?{text:this.text.trim()}:{},...this.group?{events:E3[this.group]}:{},...this.person?{user_id:this.person}:{}},v2);if(H!==this.asked)return;this.entries=C?[...this.entries??[],...L.entries]:L.entries,this.more=L.more,this.total=L.total}catch(L){H===this.asked&&(this.trouble=L)}H===this.asked&&(this.busy=!1)}render(){let{format:C}=this.app;return t`<div class="page">
      <div class="row">
        <h2 class="grow">${this.t("ledger.title")}</h2>
        <button class="tonal" ?disabled=${this.verifying} @click=${()=>{this.verify()}}>
          <cg-icon .path=${A5}></cg-icon>${this.t("ledger.verify")}
        </button>
        <button class="tonal" @click=${()=>{this.export()}}>
          <cg-icon .path=${Y1}></cg-icon>${this.t("ledger.export")}
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
          ${Object.keys(E3).map(H=>t`<option value=${H}>${this.t(`ledger.group_${H}`)}</option>`)}
        </select>
        <select
          aria-label=${this.t("ledger.person")}
          @change=${H=>{this.person=H.target.value,this.load()}}
        >
          <option value="">${this.t("ledger.anybody")}</option>
          ${this.people.map(H=>t`<option value=${H.id}>${H.name}</option>`)}
        </select>
      </div>
      ${this.trouble?k(this.app,this.trouble,()=>{this.load()}):""}
      ${this.busy?t`<progress aria-label=${this.t("common.loading")}></progress>`:""}
      ${this.entries?this.list(this.entries):this.trouble?"":G(this.app)}
    </div>`}list(C){return C.length===0?Q(w1,this.t("ledger.none")):t`<div class="card">
        <ol>
          ${C.map(H=>this.entry(H))}
        </ol>
      </div>
      ${this.more?t`<p class="row" style="justify-content:center;margin-top:12px">
              <button class="tonal" ?disabled=${this.busy} @click=${()=>{this.load(C.at(-1)?.seq)}}>
                ${this.t("ledger.older")}
              </button>
            </p>`:""}`}entry(C){let{format:H,texts:L}=this.app,e=this.open===C.seq,r=C.body?.clip_id;return t`<li>
      <button
        class="entry"
        aria-expanded=${e?"true":"false"}
        @click=${()=>this.open=e?-1:C.seq}
      >
        <span class="secondary">${H.moment(C.time)}</span>
        <span class="sentence">${F3(C,L,H,{camera:o=>this.app.cameraName(o)})}</span>
      </button>
      ${e?t`<div class="more">
              <dl>
                <dt>${this.t("ledger.number")}</dt>
                <dd>${C.seq}</dd>
                <dt>${this.t("ledger.head")}</dt>
                <dd class="mono">${C.head}</dd>
                ${Object.entries(C.body??{}).map(([o,a])=>t`<dt class="mono">${o}</dt>
                      <dd class="mono">${typeof a=="string"?a:JSON.stringify(a)}</dd>`)}
              </dl>
              ${typeof r=="string"?t`<button @click=${()=>b(y("clips",r))}>${this.t("ledger.to_clip")}</button>`:""}
            </div>`:""}
    </li>`}verificationBox(){let C=this.app.news.site?.verifying??null;if(this.verifying||C!==null)return t`<div role="status">
        <progress .value=${C??0} max="1" aria-label=${this.t("ledger.verifying")}></progress>
        ${this.t("ledger.verifying")} ${this.app.format.percent(C??0)}
      </div>`;if(this.verifyTrouble)return k(this.app,this.verifyTrouble);let H=this.verification;return H?H.ok?O(V1,this.t("ledger.verified",{entries:H.entries,clips:H.clips_checked})):O(R,t`<p>${this.t("ledger.problems",{count:H.problems.length})}</p>
        ${H.problems.slice(0,20).map(L=>t`<p>${this.app.texts.fault(L.problem,{seq:L.seq,clip_id:L.clip_id,count:L.detail,name:L.detail})??L.message}</p>`)}`,"error"):""}async verify(){this.verifying=!0,this.verification=null,this.verifyTrouble=null;try{this.verification=await this.app.client.act("verify",{scope:"all"},n3)}catch(C){this.verifyTrouble=C}this.verifying=!1}async export(){try{let C=await this.app.client.call("ledger/export",{},a3),H=document.createElement("a");H.href=C.link,H.download="",H.target="_blank",H.click()}catch(C){this.app.toast(C)}}};i([n({attribute:!1})],E.prototype,"route",2),i([A()],E.prototype,"entries",2),i([A()],E.prototype,"more",2),i([A()],E.prototype,"total",2),i([A()],E.prototype,"trouble",2),i([A()],E.prototype,"busy",2),i([A()],E.prototype,"text",2),i([A()],E.prototype,"group",2),i([A()],E.prototype,"person",2),i([A()],E.prototype,"people",2),i([A()],E.prototype,"verification",2),i([A()],E.prototype,"verifying",2),i([A()],E.prototype,"verifyTrouble",2),i([A()],E.prototype,"open",2);c("cg-ledger",E);var R2=120,D0={"2(1)":"/config/integrations/integration/camguard","2(2)":"/camguard/cameras","2(4)":"/config/integrations/integration/camguard","2(5)ア":"/config/integrations/integration/camguard","2(5)イ":"/camguard/ledger","2(5)ウ":"/config/integrations/integration/camguard","2(5)エ":"/config/repairs","2(5)オ":"/camguard/wipe","2(6)":"/camguard/disclose"},x1=class extends S{constructor(){super(...arguments);this.known=null;this.issues=[];this.issueTexts={};this.trouble=null;this.clipsSeen=-1}static{this.styles=[u,x`
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
    `]}shouldUpdate(C){return C.size>1||!C.has("hass")}willUpdate(){this.app.news.clips!==this.clipsSeen&&(this.clipsSeen=this.app.news.clips,this.load())}async load(){try{let C=this.app.client,[H,L,e]=await Promise.all([C.call("overview",{},A3),C.send({type:"repairs/list_issues"}),C.send({type:"frontend/get_translations",language:this.app.texts.language,category:"issues",integration:"camguard"})]);this.known=H,this.issues=L.issues.filter(r=>r.domain==="camguard"&&!r.ignored),this.issueTexts=e.resources,this.trouble=null}catch(C){this.trouble=C}}render(){return this.trouble&&!this.known?t`<div class="page">${k(this.app,this.trouble,()=>{this.load()})}</div>`:this.known?t`<div class="page stack">
      <h2>${this.t("overview.title")}</h2>
      ${this.problems()}
      <div class="grid">
        <div class="card">${this.checklist(this.known)}</div>
        <div class="stack">
          ${this.storedCard(this.known)} ${this.storageCard(this.known)} ${this.keysCard(this.known)}
          ${this.exposureCard(this.known)}
        </div>
      </div>
    </div>`:G(this.app)}problems(){return this.issues.length===0?O(V1,this.t("overview.no_problems")):t`${this.issues.map(C=>{let L=(this.issueTexts[`component.camguard.issues.${C.translation_key}.title`]??C.translation_key).replace(/\{(\w+)\}/g,(e,r)=>C.translation_placeholders?.[r]??"");return O(R,t`<div class="row">
          <span class="grow">${L}</span>
          <a class="button tonal" href="/config/repairs">${this.t("overview.mend")}</a>
        </div>`,C.severity==="warning"?"warning":"error")})}`}checklist(C){return t`<h3 class="card-header">${this.t("overview.checklist")}</h3>
      <p class="secondary" style="padding:8px 16px 0">${this.t("overview.checklist_hint")}</p>
      ${C.checklist.map(H=>{let L=H.clause.replace(/\W/gu,h=>({"(":"_",ア:"a",イ:"b",ウ:"c",エ:"d",オ:"e"})[h]??""),e=D0[H.clause],r=Object.fromEntries(Object.entries(H.facts).map(([h,g])=>[h,this.fact(h,g)])),o={met:V1,open:R,later:X1}[H.state],a=H.state==="open"&&H.facts.split===null,l=H.state==="open"&&H.facts.split===!0&&Number(H.facts.exposed)>0,f=a?"overview.away_2_5c":l?"overview.exposed_2_5c":`overview.${H.state}_${L}`,m=H.state==="later"?"overview.later":f;return t`<div class="duty" data-clause=${H.clause} data-state=${H.state}>
          <cg-icon class=${H.state} .path=${o}></cg-icon>
          <div>
            <p><strong>${H.clause} ${this.t(`overview.duty_${L}`)}</strong></p>
            <p>
              <span class="visually-hidden">${this.t(`overview.state_${H.state}`)}:</span> ${this.t(m,r)}
            </p>
          </div>
          ${e?t`<a
                  class="button"
                  href=${e}
                  @click=${h=>{h.preventDefault(),b(e)}}
                  aria-label=${`${this.t("overview.go")}: ${this.t(`overview.duty_${L}`)}`}
                  ><cg-icon .path=${j1}></cg-icon
                ></a>`:""}
        </div>`})}`}fact(C,H){return C==="verified"?typeof H=="number"?this.app.format.moment(H):this.t("overview.never"):typeof H=="number"||typeof H=="string"?H:""}storedCard(C){let H=[...C.days].reverse(),L=Math.max(...H.map(a=>a.clips),1),e=100/Math.max(H.length,1),r=C.retention_days*86400,{format:o}=this.app;return t`<div class="card"><div class="card-content">
      <h3>${this.t("overview.stored")}</h3>
      <p class="secondary">${this.t("overview.stored_hint",{days:C.retention_days})}</p>
      ${H.length===0?t`<p>${this.t("clips.none")}</p>`:t`<svg
                class="bars"
                viewBox="0 0 100 ${R2}"
                preserveAspectRatio="none"
                style="width:100%;height:${R2}px"
                role="img"
                aria-label=${this.t("overview.stored_alt",{count:C.days.reduce((a,l)=>a+l.clips,0),days:H.length})}
              >
                ${H.map((a,l)=>{let f=a.clips/L*(R2-8),m=Date.now()/1e3-a.start>r+86400;return z`<rect
                      class=${m||a.held===a.clips?"held":""}
                      x=${l*e+e*.12}
                      y=${R2-f}
                      width=${e*.76}
                      height=${f}
                    ><title>${o.shortDay(a.start+43200)}: ${a.clips}</title></rect>`})}
              </svg>
              <div class="row secondary" style="justify-content:space-between;font-size:12px">
                <span>${o.dayOfMonth((H[0]?.start??0)+43200)}</span>
                <span>${o.dayOfMonth((H.at(-1)?.start??0)+43200)}</span>
              </div>`}
    </div></div>`}storageCard({storage:C}){let{format:H}=this.app;if(C.total===null||C.free===null)return O(R,this.app.texts.fault(C.fault,{path:C.path})??this.t("overview.storage_away"),"error");let L=Math.max(C.total-C.free-C.used,0),e=o=>`${o/(C.total??1)*100}%`,r=C.per_day?Math.floor(Math.max(C.free-C.min_free,0)/C.per_day):null;return t`<div class="card"><div class="card-content">
      <h3>${this.t("overview.storage")}</h3>
      <div class="meter" role="img" aria-label=${this.t("overview.storage_alt",{used:H.size(C.used),free:H.size(C.free)})}>
        <div style="width:${e(C.used)};background:var(--primary-color)"></div>
        <div style="width:${e(L)};background:var(--secondary-text-color);opacity:.5"></div>
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
      ${C.length===0?t`<p>${this.t("overview.exposure_none")}</p>`:C.map(L=>t`<h4>${L.name} <span class="mono secondary">${L.entity_id}</span></h4>
                <dl>
                  ${H.filter(e=>L[e].length>0).map(e=>t`<dt>${this.t(`overview.exposure_${e}`)}</dt><dd>${L[e].join(", ")}</dd>`)}
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
            href=${y("clips","","",{held:"1"})}
            @click=${H=>{H.preventDefault(),b(y("clips","","",{held:"1"}))}}
            >${C.held}</a
          >
        </dd>
        <dt>${this.t("overview.kits")}</dt>
        <dd>${C.kit_missing?this.t("overview.kit_missing"):C.kits}</dd>
      </dl>
      <p class="mono secondary">${C.root_path}</p>
    </div></div>`}};i([n({attribute:!1})],x1.prototype,"hass",2),i([A()],x1.prototype,"known",2),i([A()],x1.prototype,"issues",2),i([A()],x1.prototype,"issueTexts",2),i([A()],x1.prototype,"trouble",2);c("cg-overview",x1);var _0=6e3,N0={cameras:O1,clips:s1,disclose:J1,wipe:L1,ledger:w1,overview:J2},z0=["config_panel","exceptions"],Y=class extends I{constructor(){super(...arguments);this.narrow=!1;this.app=null;this.news=null;this.texts=null;this.toastText="";this.error=null;this.outdated=!1;this.client=new x2(()=>this.hass);this.unfollow=null;this.toastTimer=0;this.language=""}static{this.styles=[u,x`
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
    `]}connectedCallback(){super.connectedCallback(),this.begin()}disconnectedCallback(){super.disconnectedCallback(),this.unfollow?.(),this.unfollow=null}willUpdate(C){let H=this.hass.locale?.language??this.hass.language;H!==this.language&&(this.language=H,this.load(H)),this.texts&&this.news&&(!this.app||!C.has("hass")||C.size>1)&&(this.app=this.makeApp())}makeApp(){let[C,H]=[this.texts,this.news],L=this.hass.config.time_zone,e=this.app,r=new Map(H.cameras.map(o=>[o.camera_id,o.name]));return{client:this.client,texts:C,format:e?.format.language===C.language&&e.zone===L?e.format:new Z2(C.language,L),news:H,narrow:this.narrow,zone:L,userId:this.hass.user?.id??"",hass:()=>this.hass,toast:o=>this.toast(o),cameraName:o=>r.get(o)??C.t("clips.removed_camera")}}async begin(){await this.updateComplete;try{this.unfollow??=await this.client.follow(C=>{this.news=C,this.error=null},()=>this.outdated=!0)}catch(C){this.error=C}}async load(C){let H;try{H=await Promise.all(z0.map(e=>this.client.send({type:"frontend/get_translations",language:C,category:e,integration:"camguard"})))}catch(e){this.error=e,this.language="";return}let L=H.map(e=>e.resources);C===this.language&&(this.texts=new S2(C,Object.assign({},...L)))}toast(C){window.clearTimeout(this.toastTimer),this.toastText=typeof C=="string"?C:this.texts?.refusal(_(C))??"",this.toastTimer=window.setTimeout(()=>this.toastText="",_0)}render(){let C=this.app;if(!C)return t`<header>${this.menuButton()}<h1>CamGuard</h1></header>
        <main>${this.error?t`<div class="page" role="alert">${_(this.error).message}</div>`:""}</main>`;let H=m3(this.route?.path??"",location.search),L=C.news.role==="administrator"?s5:C.news.role==="viewer"?l3:[],e=L.map(o=>t`<a
          href=${y(o)}
          aria-current=${o===H.page?"page":P}
          @click=${a=>{a.ctrlKey||a.metaKey||a.shiftKey||(a.preventDefault(),b(y(o)))}}
          ><cg-icon .path=${N0[o]}></cg-icon><span>${C.texts.t(`tabs.${o}`)}</span></a
        >`),r=C.texts.t("tabs.label");return t`<header>
        ${this.menuButton()}
        <h1>CamGuard</h1>
        ${this.narrow?"":t`<nav aria-label=${r}>${e}</nav>`}
      </header>
      ${this.banner(C)}
      <main>${this.page(C,H,L)}</main>
      ${this.narrow&&e.length>0?t`<nav class="bottom" aria-label=${r}>${e}</nav>`:""}
      <div role="status" aria-live="polite">
        ${this.toastText?t`<div class="toast" ?data-narrow=${this.narrow}>${this.toastText}</div>`:""}
      </div>`}menuButton(){return!this.narrow&&this.hass.dockedSidebar!=="always_hidden"?"":t`<button
      class="icon"
      aria-label=${this.texts?.t("tabs.menu")??"Menu"}
      @click=${()=>this.dispatchEvent(new CustomEvent("hass-toggle-menu",{bubbles:!0,composed:!0}))}
    >
      <cg-icon .path=${r5}></cg-icon>
    </button>`}banner(C){let H=this.panel?.config?.version;return this.outdated||H&&H!=="0.1.0"||C.news.version!=="0.1.0"?t`<div class="banner" role="status">
        <span class="grow">${C.texts.t("common.updated")}</span>
        <button class="filled" @click=${()=>location.reload()}>${C.texts.t("common.reload")}</button>
      </div>`:this.hass.connected?"":t`<div class="banner" role="status">${C.texts.t("common.offline")}</div>`}page(C,H,L){if(!C.news.running)return t`<div class="page narrow-page"><div class="empty">
        <cg-icon .path=${y1}></cg-icon>
        <h3>${C.texts.t("common.not_running")}</h3>
        <p>${C.texts.t("common.not_running_hint")}</p>
        <a class="button tonal" href="/config/integrations/integration/camguard">${C.texts.t("common.integration")}</a>
      </div></div>`;if(!L.includes(H.page))return t`<div class="page narrow-page"><div class="empty">
        <cg-icon .path=${J}></cg-icon>
        <h3>${C.texts.t("common.no_access")}</h3>
        <p>${C.texts.t("common.no_access_hint")}</p>
      </div></div>`;switch(H.page){case"cameras":return H.id==="add"?t`<cg-add .app=${C}></cg-add>`:H.part==="zones"?t`<cg-zones .app=${C} .cameraId=${H.id}></cg-zones>`:t`<cg-cameras .app=${C} .hass=${this.hass}></cg-cameras>`;case"clips":return H.id?t`<cg-clip .app=${C} .route=${H} .clipId=${H.id}></cg-clip>`:t`<cg-clips .app=${C} .route=${H}></cg-clips>`;case"disclose":return t`<cg-disclose .app=${C} .route=${H}></cg-disclose>`;case"wipe":return t`<cg-wipe .app=${C} .route=${H}></cg-wipe>`;case"ledger":return t`<cg-ledger .app=${C} .route=${H}></cg-ledger>`;case"overview":return t`<cg-overview .app=${C} .hass=${this.hass}></cg-overview>`;default:return G(C)}}};i([n({attribute:!1})],Y.prototype,"hass",2),i([n({type:Boolean})],Y.prototype,"narrow",2),i([n({attribute:!1})],Y.prototype,"route",2),i([n({attribute:!1})],Y.prototype,"panel",2),i([A()],Y.prototype,"app",2),i([A()],Y.prototype,"news",2),i([A()],Y.prototype,"texts",2),i([A()],Y.prototype,"toastText",2),i([A()],Y.prototype,"error",2),i([A()],Y.prototype,"outdated",2);c("camguard-panel",Y);
