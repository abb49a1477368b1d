/// Calls of tools in the answers of models.
///
/// Both sides go by [autark.text.template.CallFormat]: [autark.text.call.CallLanguage] says which
/// answers may be written, [autark.text.call.CallParser] reads them.
package autark.text.call;
