namespace Vsmtp.Faults.Running;

/// <summary>How much of a fault there is to be.</summary>
/// <param name="Mails">That go through meanwhile.</param>
/// <param name="Times">That it is done.</param>
internal sealed record FaultSize(int Mails, int Times);
