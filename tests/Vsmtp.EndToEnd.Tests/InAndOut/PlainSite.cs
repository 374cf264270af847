using Vsmtp.EndToEnd.Tests.Support;

namespace Vsmtp.EndToEnd.Tests.InAndOut;

/// <summary>A site without rules of its own: what comes in goes to the relay host.</summary>
public sealed class PlainSite() : RunningSite("#{}");
