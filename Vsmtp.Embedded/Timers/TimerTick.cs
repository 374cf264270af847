using Vsmtp.Embedded.Calls;

namespace Vsmtp.Embedded.Timers;

/// <summary>One tick of a grain timer, on its way through the activation like a call.</summary>
internal sealed class TimerTick(GrainTimer timer, bool interleaves) : GrainCall
{
    public override string Name => "timer";

    public override bool Interleaves => interleaves;

    public override bool CountsAsUse => timer.KeepsAlive;

    public override void Fail(Exception failure) => timer.Ended(failure);

    protected override Task Invoke(object grain) => timer.TickAsync();

    protected override void Answer(Task answer) => timer.Ended(answer.Exception?.InnerException);
}
