/// Who may ask how much, and what it has cost.
package autark.server.access;
