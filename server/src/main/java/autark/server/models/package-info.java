/// Which models there are, and their engines, loaded when somebody asks them.
package autark.server.models;
