namespace Vsmtp.Vsl.Evaluation;

/// <summary>What <c>this</c> is in a call: a copy that the caller writes back into its variable when it was changed.</summary>
internal sealed class Receiver(Value value)
{
    private Value _value = value;

    public ref Value Value => ref _value;

    public bool IsChanged { get; set; }
}
