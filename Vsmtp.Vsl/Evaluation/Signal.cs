namespace Vsmtp.Vsl.Evaluation;

/// <summary>Control flow on its way up: what a statement list hands to the loop or function around it.</summary>
internal sealed class Signal
{
    public static readonly Signal Return = new();
    public static readonly Signal Break = new();
    public static readonly Signal Continue = new();

    private Signal()
    {
    }
}
