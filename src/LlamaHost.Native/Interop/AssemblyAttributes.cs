using System.Runtime.CompilerServices;

// Structs cross the border as they lie in memory (a bool is one byte, as in C); nothing is marshalled behind one's back.
[assembly: DisableRuntimeMarshalling]
