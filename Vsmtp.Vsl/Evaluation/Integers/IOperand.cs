namespace Vsmtp.Vsl.Evaluation.Integers;

/// <summary>How the side of an operator is read. A structure of its own for each way, so that the commonest cost no call.</summary>
internal interface IOperand
{
    Completion Read(Frame frame);
}

/// <summary>A local variable.</summary>
internal readonly struct SlotOperand(int slot) : IOperand
{
    public Completion Read(Frame frame) => Completion.Of(frame.Slots[slot]);
}

/// <summary>A literal.</summary>
internal readonly struct ConstantOperand(Value value) : IOperand
{
    private readonly Value _value = value;

    public Completion Read(Frame frame) => Completion.Of(_value);
}

/// <summary>Anything else.</summary>
internal readonly struct CodeOperand(Evaluate code) : IOperand
{
    public Completion Read(Frame frame) => code(frame);
}
