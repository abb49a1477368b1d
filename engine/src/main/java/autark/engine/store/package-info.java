/// The model store on the local disk.
package autark.engine.store;
